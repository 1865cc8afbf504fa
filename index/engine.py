"""Opening all that a question needs, side by side."""

from concurrent.futures import ThreadPoolExecutor
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
from index.types import Answer, ModelStamp
from index.vectors import VectorIndex


class Engine:
    """An open index that answers. It sees what others ingest without being reopened.

    Raises:
        StoreError: there is no index, or it cannot be used, or another model made it.
        ModelError: the model that made it is not there in exported form.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.store = Store(config.data_dir)
        try:
            self._vectors = VectorIndex(config.data_dir)
            # The models and the vectors come from different files: read them at the same time.
            with ThreadPoolExecutor(2) as pool:
                loading = pool.submit(self._vectors.load)
                reading = pool.submit(open_reader, config)
                encoder = self._encoder(self.store.model())
                self._reader = reading.result()
                loading.result()
            self._use(encoder)
        except BaseException:
            self.store.close()
            raise

    def _encoder(self, made_by: ModelStamp | None) -> Encoder:
        self._made_by = made_by
        # While nothing is embedded there is nothing to search, and any encoder will do.
        return HashEncoder() if made_by is None else open_encoder(self._config, made_by)

    def _use(self, encoder: Encoder) -> None:
        searcher = Searcher(self.store, self._vectors, encoder)
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
