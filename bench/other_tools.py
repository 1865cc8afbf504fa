"""Haystack and txtai over the same passages, vectors and reader: what bench/answers.py compares.

Nothing to run. They go into an environment of their own, torch first: a newer one brings gigabytes of
CUDA.

    python3 -m venv /tmp/tools
    /tmp/tools/bin/pip install torch==2.13.0
    /tmp/tools/bin/pip install -e . haystack-ai transformers-haystack sentence-transformers-haystack txtai
    /tmp/tools/bin/python bench/answers.py DATA --hugging-face FOLDER

Each is set up as its documentation does it, then once more with what spoils our reader in it mended.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from baselines import Bench, IndexedPassage, indexed_passages

from bot.evaluation.running import QUOTES, Quote, Reply, System
from index.answer import READ
from index.config import DEFAULT_MODEL
from index.types import Vectors
from ingest.models import locate

HAYSTACK = {
    "haystack": "haystack-ai",
    "haystack_integrations.components.readers.transformers": "transformers-haystack",
    "haystack_integrations.components.embedders.sentence_transformers": "sentence-transformers-haystack",
}
TXTAI = {"txtai": "txtai"}


class UnavailableError(Exception):
    """Why a tool cannot be asked."""


def _reader_folder(bench: Bench, needed: dict[str, str]) -> str:
    """The reader in Hugging Face's form.

    Raises:
        UnavailableError: a package or the reader is missing.
    """
    missing = [package for module, package in needed.items() if not _is_importable(module)]
    if missing:
        raise UnavailableError(f"not installed: pip install {' '.join(missing)} (see bench/other_tools.py)")
    if bench.hugging_face is None or not bench.hugging_face.is_dir():
        raise UnavailableError(
            "needs --hugging-face FOLDER: python -m training.export … --hugging-face FOLDER"
        )
    import_module("transformers.utils.logging").disable_progress_bar()
    return str(bench.hugging_face.resolve())


def _is_importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a parent of it is missing
        return False


def haystack(bench: Bench, *, mended: bool = False, hybrid: bool = False) -> System:
    """Haystack's extractive pipeline: in-memory store, embedding retriever, extractive reader.

    The reader reads as many passages as ours. It leaves out token types, which is right for its usual
    RoBERTa and wrong for a BERT; ``mended``, it gets them, and sees each passage under its title, as
    our reader does. ``hybrid``: BM25 retrieves as well, joined by reciprocal rank fusion. The
    confidence is the best answer's score; Haystack's own "no answer", which is in every reply, is
    passed over. Much of the time is the store's, which goes through all vectors in Python.
    """
    folder = _reader_folder(bench, HAYSTACK)
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    core = import_module("haystack")
    in_memory = import_module("haystack.components.retrievers.in_memory")
    embedders = import_module("haystack_integrations.components.embedders.sentence_transformers")
    readers = import_module("haystack_integrations.components.readers.transformers")
    cpu = import_module("haystack.utils").ComponentDevice.from_str("cpu")
    store = import_module("haystack.document_stores.in_memory").InMemoryDocumentStore(shared=False)
    passages = indexed_passages(bench.store)
    store.write_documents(
        [
            core.Document(
                id=str(i),
                content=f"{each.title}\n{each.text}" if mended else each.text,
                embedding=each.vector.tolist(),
            )
            for i, each in enumerate(passages)
        ]
    )
    embedder = embedders.SentenceTransformersTextEmbedder(
        model=locate(DEFAULT_MODEL), device=cpu, progress_bar=False
    )
    reader = readers.TransformersExtractiveReader(model=folder, device=cpu)
    pipeline = core.Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("dense", in_memory.InMemoryEmbeddingRetriever(document_store=store, top_k=READ))
    pipeline.add_component("reader", reader)
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    if hybrid:
        joiner = import_module("haystack.components.joiners").DocumentJoiner
        pipeline.add_component("lexical", in_memory.InMemoryBM25Retriever(document_store=store, top_k=READ))
        pipeline.add_component("joiner", joiner(join_mode="reciprocal_rank_fusion", top_k=READ))
        pipeline.connect("dense", "joiner")
        pipeline.connect("lexical", "joiner")
    pipeline.connect("joiner" if hybrid else "dense", "reader.documents")
    pipeline.warm_up()
    if mended:
        give_token_types(reader.model, reader.tokenizer.sep_token_id)

    def ask(question: str, as_of: date | None) -> Reply:
        inputs = {"embedder": {"text": question}, "reader": {"query": question}}
        if hybrid:
            inputs["lexical"] = {"query": question}
        started = time.perf_counter()
        answers = pipeline.run(inputs)["reader"]["answers"]
        milliseconds = (time.perf_counter() - started) * 1000
        answers = [each for each in answers if each.data is not None]
        if not answers:
            return Reply(None, 0.0, milliseconds=milliseconds)
        ids = list(dict.fromkeys(int(each.document.id) for each in answers))[:QUOTES]
        quotes = [Quote(passages[i].text, passages[i].url) for i in ids]
        return Reply(answers[0].data, answers[0].score, quotes, milliseconds=milliseconds)

    return ask


def give_token_types(model: Any, separator: int) -> None:
    """Mark the second text of each pair as such, for a model that was trained so."""

    def hook(module: Any, args: Any, inputs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        ends = (inputs["input_ids"] == separator).long()
        types = (ends.cumsum(-1) - ends).clamp(max=1) * inputs["attention_mask"]
        return args, inputs | {"token_type_ids": types}

    if model.config.type_vocab_size > 1:
        model.register_forward_pre_hook(hook, with_kwargs=True)


def txtai(bench: Bench, *, mended: bool = False) -> System:
    """txtai's embeddings database and its extractive RAG pipeline, in their defaults.

    The pipeline reads the best three passages as one text and gives no score: the confidence is the
    cosine of the passage it refers to. Where the reader's best start or end is "no answer" it fails,
    which counts as none; ``mended``, the reader must find words. It still says nothing where they have
    less than 0.05 of the probability, or end before they begin.
    """
    folder = _reader_folder(bench, TXTAI)
    passages = indexed_passages(bench.store)
    embeddings = _txtai_embeddings(passages)
    rag = import_module("txtai.pipeline").RAG(embeddings, folder, output="reference", gpu=False)
    tokenizer, config = rag.model.tokenizer, rag.model.model.config
    # Else it does not cut what is longer, and the model fails on it.
    tokenizer.model_max_length = min(tokenizer.model_max_length, config.max_position_embeddings)
    if mended:
        forbid_no_answer(rag.model.model, tokenizer.sep_token_id)

    def ask(question: str, as_of: date | None) -> Reply:
        started = time.perf_counter()
        try:
            answered = rag(question)
        except TypeError:  # of None, where it looks for the word that "no answer" begins with
            answered = {"answer": None, "reference": None}
        milliseconds = (time.perf_counter() - started) * 1000
        found = embeddings.search(question, QUOTES)
        found.sort(key=lambda each: each["id"] != answered["reference"])
        ids = [int(each["id"]) for each in found]
        quotes = [Quote(passages[i].text, passages[i].url) for i in ids]
        return Reply(answered["answer"] or None, found[0]["score"], quotes, milliseconds=milliseconds)

    return ask


def _txtai_embeddings(passages: Sequence[IndexedPassage]) -> Any:
    """The passages in txtai, with their vectors from our index; questions it embeds by the same model."""
    model = import_module("sentence_transformers").SentenceTransformer(locate(DEFAULT_MODEL), device="cpu")
    known = {each.text: each.vector for each in passages}

    def transform(texts: Sequence[str]) -> Vectors:
        if known:
            return np.stack([known[text] for text in texts])
        vectors: Vectors = model.encode(list(texts), show_progress_bar=False)
        return vectors

    embeddings = import_module("txtai").Embeddings(method="external", transform=transform, content=True)
    embeddings.index((i, each.text, None) for i, each in enumerate(passages))
    # From here on it embeds all by itself: what it compares an answer with costs it time.
    known.clear()
    return embeddings


def forbid_no_answer(model: Any, separator: int) -> None:
    """Leave a model nothing but the second text of each pair to answer from."""

    def hook(module: Any, args: Any, inputs: dict[str, Any], outputs: Any) -> Any:
        outside = (inputs["token_type_ids"] == 0) | (inputs["input_ids"] == separator)
        outputs.start_logits = outputs.start_logits.masked_fill(outside, -1e4)
        outputs.end_logits = outputs.end_logits.masked_fill(outside, -1e4)
        return outputs

    model.register_forward_hook(hook, with_kwargs=True)


OTHER_TOOLS: Mapping[str, tuple[str, Callable[[Bench], System]]] = {
    "haystack": ("Haystack", haystack),
    "haystack-mended": ("  mended", partial(haystack, mended=True)),
    "haystack-hybrid": ("  mended, with BM25", partial(haystack, mended=True, hybrid=True)),
    "txtai": ("txtai", txtai),
    "txtai-mended": ("  mended", partial(txtai, mended=True)),
}
