"""Opening all that a question needs, side by side."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Self

from index.answer import Answerer, Question
from index.combination import combination
from index.config import DEFAULT_MODEL, DEFAULT_READER, NO_READER, Config
from index.encoder import Encoder, HashEncoder, OnnxEncoder, exported_folder, read_card
from index.errors import ModelError, ModelMismatch
from index.reader import SHIPPED, Reader, SpanReader, reader_folder
from index.search import Searcher
from index.sentence_reader import SentenceReader
from index.store import Store, model_mismatch
from index.types import Answer, Article, Filters, ModelStamp
from index.vectors import VectorIndex


class Loaded:
    """What engines have open in common: each model once, each index's vectors once.

    Safe for several threads. What it holds is held as long as it is.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._readers: dict[str, Reader] = {}
        self._encoders: dict[ModelStamp, Encoder] = {}
        self._vectors: dict[Path, VectorIndex] = {}

    def reader(self, config: Config) -> Reader:
        """The configured reader.

        Raises:
            ModelError: it is missing or damaged, or has not been exported yet.
        """
        # Not under the lock, so that models load side by side; one that was loaded twice is let go.
        reader = self._readers.get(config.reader.model) or open_reader(config)
        with self._lock:
            return self._readers.setdefault(config.reader.model, reader)

    def encoder(self, config: Config, made_by: ModelStamp) -> Encoder:
        """The model that made the index.

        Raises:
            ModelMismatch: the configuration names another.
            ModelError: it is missing or damaged.
        """
        encoder = self._encoders.get(made_by)
        if encoder is None or config.embedding.model != made_by.name:
            encoder = open_encoder(config, made_by)
        with self._lock:
            return self._encoders.setdefault(made_by, encoder)

    def vectors(self, data_dir: Path) -> VectorIndex:
        """The index's vectors, as its file has them."""
        with self._lock:
            if (vectors := self._vectors.get(data_dir)) is None:
                vectors = self._vectors[data_dir] = VectorIndex(data_dir)
                vectors.load()
            return vectors


class Engine:
    """An open index that answers. It sees what others ingest without being reopened.

    For one thread at a time. Engines that are given the same ``loaded`` share models and
    vectors, and may answer at the same time.

    Raises:
        StoreError: there is no index, or it cannot be used, or another model made it.
        ModelError: the model that made it is not there in exported form.
    """

    def __init__(self, config: Config, loaded: Loaded | None = None) -> None:
        self._config = config
        self._loaded = loaded or Loaded()
        self.store = Store(config.data_dir)
        try:
            # The models and the vectors come from different files: read them at the same time.
            with ThreadPoolExecutor(2) as pool:
                loading = pool.submit(self._loaded.vectors, config.data_dir)
                reading = pool.submit(self._loaded.reader, config)
                encoder = self._encoder(self.store.model())
                self._reader = reading.result()
                self._vectors = loading.result()
            self._use(encoder)
        except BaseException:
            self.store.close()
            raise

    def _encoder(self, made_by: ModelStamp | None) -> Encoder:
        self._made_by = made_by
        # While nothing is embedded there is nothing to search, and any encoder will do.
        return HashEncoder() if made_by is None else self._loaded.encoder(self._config, made_by)

    def _use(self, encoder: Encoder) -> None:
        self._searcher = searcher = Searcher(self.store, self._vectors, encoder)
        self.combination = combination(
            reader=self._config.reader.model != NO_READER,
            fitted_vectors=encoder.stamp.name == DEFAULT_MODEL,
        )
        self._answerer = Answerer(self.store, searcher, self._reader, self.combination)

    def answer(self, question: Question) -> Answer:
        """Answer one question over the index as it is now.

        Raises:
            StoreError: the index cannot be read, or another model has made it by now.
        """
        self._keep_up()
        try:
            return self._answerer.answer(question)
        except ModelMismatch:
            # The first articles may have come in between that look and the search.
            if not self._keep_up():
                raise
            return self._answerer.answer(question)

    def articles_about(self, words: str, k: int) -> list[Article]:
        """Up to ``k`` articles with a passage that is about ``words``, best first.

        Raises:
            StoreError: the index cannot be read, or another model has made it by now.
        """
        self._keep_up()
        with self.store.snapshot():
            hits = self._searcher.search(words, 4 * k, Filters()).hits
            ids = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:k]
            articles = self.store.articles_by_id(ids)
        return [articles[id_] for id_ in ids]

    def _keep_up(self) -> bool:
        """Open the model that has made the index by now, if it is another."""
        made_by = self.store.model()
        if made_by == self._made_by:
            return False
        self._use(self._encoder(made_by))
        return True

    def close(self) -> None:
        """Close the index."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def open_reader(config: Config) -> Reader:
    """The configured reader.

    Raises:
        ModelError: it is missing or damaged, or has not been exported yet.
    """
    name = config.reader.model
    if name == NO_READER:
        return SentenceReader()
    return SpanReader(SHIPPED if name == DEFAULT_READER else reader_folder(config.data_dir, name))


def open_encoder(config: Config, made_by: ModelStamp) -> OnnxEncoder:
    """The exported model that made the index, if it is the configured one.

    Raises:
        ModelMismatch: the configuration names another.
        ModelError: it is missing or damaged.
    """
    if config.embedding.model != made_by.name:
        raise model_mismatch(made_by, config.embedding.model)
    folder = exported_folder(config.data_dir, made_by.digest)
    if read_card(folder) is None:
        raise ModelError(
            f"the embedding model is missing from {folder}: `pullquote doctor --repair` exports it"
        )
    return OnnxEncoder(folder)
