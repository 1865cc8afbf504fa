"""The embedding model to ONNX, once, so that a question needs no torch."""

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import CARD_FILE, ModelCard, OnnxEncoder
from index.errors import ModelError, first_line
from index.onnx_model import MODEL_FILE, TOKENIZER_FILE

EXPORT_COSINE = 0.9999
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_PROBES = (
    "Who led the US delegation?",
    "“Café” prices rose 3.4% — the most since 2008, the Bank said.",
    "NORTHGATE, March 4 — " + "The council voted on the budget, the bridge and the school. " * 12,
)


def export(model: Any, name: str, digest: str, folder: Path) -> ModelCard:
    """Write the model, its tokenizer and its card into ``folder``, all of them or nothing.

    The result is compared with sentence-transformers before it is put in place.

    Raises:
        ModelError: it cannot be exported, or gives other vectors than the original.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_over in folder.parent.glob(".export-*"):  # by a process that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".export-"))
    work.chmod(0o755)  # mkdtemp's 0700 would keep other users from asking
    try:
        card = _write(model, name, digest, work)
        _compare(model, OnnxEncoder(work), name)
        if folder.exists():
            shutil.rmtree(folder)
        work.replace(folder)
    except OSError as error:
        raise ModelError(f"{folder} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return card


def _write(model: Any, name: str, digest: str, folder: Path) -> ModelCard:
    import torch

    class Embedder(torch.nn.Module):  # type: ignore[misc]
        """Token ids in, unit vector out: all of the model's modules, then normalisation."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *arrays: Any) -> Any:
            vectors = self.model(dict(zip(names, arrays, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, p=2, dim=1)

    tokenizer = model.tokenizer
    features = tokenizer(["a probe of a few words", "and another"], padding=True, return_tensors="pt")
    names = [each for each in _INPUTS if each in features]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Embedder().eval(),
                tuple(features[each] for each in names),
                str(folder / MODEL_FILE),
                input_names=names,
                output_names=["embedding"],
                dynamic_axes={each: {0: "batch", 1: "tokens"} for each in names}
                | {"embedding": {0: "batch"}},
                opset_version=17,
                dynamo=False,
            )
        tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    except OSError:
        raise
    except Exception as error:
        if "No space left" in str(error):  # the tokenizer's own kind of error
            raise ModelError(f"{folder.parent} cannot be written: the disk is full") from error
        raise ModelError(
            f"the embedding model {name} cannot be exported to ONNX ({first_line(error)}):"
            " choose another in embedding.model"
        ) from error
    prompts = model.prompts or {}
    card = ModelCard(
        name=name,
        digest=digest,
        dimensions=int(model.get_embedding_dimension()),
        max_tokens=int(model.max_seq_length),
        query_prompt=prompts.get("query") or "",
        document_prompt=prompts.get("document") or prompts.get("passage") or "",
    )
    (folder / CARD_FILE).write_text(card.to_json(), encoding="utf-8")
    return card


def _compare(model: Any, exported: OnnxEncoder, name: str) -> None:
    expected = model.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    worst = float(np.sum(expected * exported.encode_raw(_PROBES), axis=1).min())
    if worst < EXPORT_COSINE:
        raise ModelError(
            f"the embedding model {name} gives other vectors once exported (cosine {worst:.4f}):"
            " choose another in embedding.model"
        )
