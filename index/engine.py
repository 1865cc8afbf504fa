"""Opening all that a question needs, side by side."""

from concurrent.futures import ThreadPoolExecutor
from typing import Self

from index.answer import Answerer, Question
from index.config import Config
from index.encoder import Encoder, HashEncoder, OnnxEncoder, exported_folder, read_card
from index.errors import ModelError
from index.reader import SentenceReader
from index.search import Searcher
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
            # The model and the vectors come from different files: read them at the same time.
            with ThreadPoolExecutor(1) as pool:
                loading = pool.submit(self._vectors.load)
                self._open_model(self.store.model())
                loading.result()
        except BaseException:
            self.store.close()
            raise

    def _open_model(self, made_by: ModelStamp | None) -> None:
        # While nothing is embedded there is nothing to search, and any encoder will do.
        encoder: Encoder = HashEncoder() if made_by is None else open_encoder(self._config, made_by)
        self._made_by = made_by
        searcher = Searcher(self.store, self._vectors, encoder)
        self._answerer = Answerer(self.store, searcher, SentenceReader())

    def answer(self, question: Question) -> Answer:
        """Answer one question over the index as it is now.

        Raises:
            StoreError: the index cannot be read, or another model has made it by now.
        """
        made_by = self.store.model()
        if made_by != self._made_by:
            self._open_model(made_by)
        return self._answerer.answer(question)

    def close(self) -> None:
        """Close the index."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


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
