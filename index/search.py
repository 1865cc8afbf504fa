"""Hybrid retrieval: dense and lexical candidates, filtered first, then fused."""

from collections.abc import Sequence

import numpy as np

from index.encoder import Encoder
from index.fusion import fuse
from index.lexical import search_lexical
from index.store import Store, check_model
from index.types import Filters, Hit
from index.vectors import VectorIndex

# Of each retriever, before fusion.
CANDIDATES = 100


class Searcher:
    """Searches one index. Not for several threads at once: the vector index catches up in place.

    Call it within ``store.snapshot()``, so that text, words and vectors are of one generation.
    """

    def __init__(self, store: Store, vectors: VectorIndex, encoder: Encoder) -> None:
        self._store = store
        self._vectors = vectors
        self._encoder = encoder

    def search(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The ``k`` best passages, best first.

        Raises:
            ModelMismatch: the index was made by another model than the encoder's.
        """
        made_by = self._store.model()
        if made_by is None:
            return []
        stamp = self._encoder.stamp
        check_model(made_by, stamp.name, stamp.digest)
        self._vectors.sync(self._store)
        vector = self._encoder.encode([question])[0]
        allowed = self._store.passage_ids(filters) if filters else None
        dense = self._vectors.search(vector, CANDIDATES, allowed)
        lexical = search_lexical(self._store, question, CANDIDATES, filters)
        # What only the words found has a cosine too; looking it up beats imputing it.
        missing = [id_ for id_, _ in lexical if id_ not in dict(dense)]
        cosines = dict(dense) | {
            id_: float(np.dot(vector, other)) for id_, other in self._store.vectors(missing).items()
        }
        return self._hits(dense, lexical, cosines, k)

    def _hits(
        self,
        dense: Sequence[tuple[int, float]],
        lexical: Sequence[tuple[int, float]],
        cosines: dict[int, float],
        k: int,
    ) -> list[Hit]:
        ranked = fuse(cosines, dict(lexical))[:k]
        passages = self._store.passages(id_ for id_, _ in ranked)
        dense_ranks = {id_: rank for rank, (id_, _) in enumerate(dense, 1)}
        lexical_ranks = {id_: rank for rank, (id_, _) in enumerate(lexical, 1)}
        return [
            Hit(
                passage=passages[id_],
                fused=score,
                dense=cosines.get(id_),
                lexical=dict(lexical).get(id_),
                dense_rank=dense_ranks.get(id_),
                lexical_rank=lexical_ranks.get(id_),
            )
            for id_, score in ranked
            if id_ in passages
        ]
