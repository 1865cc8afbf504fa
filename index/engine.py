"""Opening all that a question needs, side by side."""

from concurrent.futures import ThreadPoolExecutor
from typing import Self

from index.answer import Answerer, Question
from index.config import Config
from index.encoder import Encoder, OnnxEncoder, exported_folder, read_card
from index.errors import ModelError
from index.reader import SentenceReader
from index.search import Searcher
from index.store import ModelStamp, Store, check_model
from index.types import Answer, Vectors
from index.vectors import VectorIndex


class Engine:
    """An open index that answers. It sees what others ingest without being reopened.

    Raises:
        StoreError: there is no index, or it cannot be used, or another model made it.
        ModelError: the model that made it is not there in exported form.
    """

    def __init__(self, config: Config) -> None:
        self.store = Store(config.data_dir)
        try:
            made_by = self.store.model()
            vectors = VectorIndex(config.data_dir)
            # The model and the vectors come from different files: read them at the same time.
            with ThreadPoolExecutor(1) as pool:
                loading = pool.submit(vectors.load)
                encoder: Encoder = _NoEncoder() if made_by is None else _encoder(config, made_by)
                loading.result()
        except BaseException:
            self.store.close()
            raise
        self._answerer = Answerer(self.store, Searcher(self.store, vectors, encoder), SentenceReader())

    def answer(self, question: Question) -> Answer:
        """Answer one question over the index as it is now."""
        return self._answerer.answer(question)

    def close(self) -> None:
        """Close the index."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _encoder(config: Config, made_by: ModelStamp) -> OnnxEncoder:
    name = config.embedding.model
    folder = exported_folder(config.data_dir, name)
    card = read_card(folder)
    if card is None and name == made_by.name:
        raise ModelError(
            f"the embedding model is missing from {folder}: `pullquote doctor --repair` exports it again"
        )
    check_model(made_by, name, card.digest if card else None)
    return OnnxEncoder(folder)


class _NoEncoder:
    """For an index without vectors: there is nothing to search, so nothing is loaded."""

    stamp = ModelStamp("none", "", 0)

    def encode(self, texts: object) -> Vectors:
        raise AssertionError("an empty index was searched")
