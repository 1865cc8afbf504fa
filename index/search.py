"""Hybrid retrieval: dense and lexical candidates, filtered first, then fused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from index.config import DEFAULT_MODEL
from index.encoder import Encoder
from index.fusion import fuse
from index.lexical import search_lexical
from index.store import Store, check_model
from index.terms import Query, held_stems, weighed
from index.types import Article, Filters, Hit, Vectors
from index.vectors import VectorIndex

# Of each retriever, before fusion; from 50 to 400 the results on news-dev are the same.
CANDIDATES = 100
# Passages whose words decide how far the articles are about the question.
DECIDING = 5


@dataclass(frozen=True, slots=True)
class Found:
    """The best passages for a question, best first, and the question as it was searched for.

    ``nearest`` is the highest cosine of any passage, also of one that is not among the
    hits; None where the model is not the one that confidence was fitted to.
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    nearest: float | None = None

    def coverage(self, articles: Sequence[Article]) -> float:
        """The highest share of the question's worth that one of the best passages holds with its title.

        ``articles`` are those of the hits, in their order.
        """
        best = list(zip(self.hits, articles, strict=True))[:DECIDING]
        texts = (f"{each.title} {each.text[hit.passage.start : hit.passage.end]}" for hit, each in best)
        return max((self.query.coverage(held_stems(text)) for text in texts), default=0.0)


class Searcher:
    """Searches one index. For one thread at a time; the vectors may be shared with others.

    Call it within ``store.snapshot()``, so that text, words and vectors are of one generation.
    """

    def __init__(self, store: Store, vectors: VectorIndex, encoder: Encoder) -> None:
        self._store = store
        self._vectors = vectors
        self._encoder = encoder

    def search(self, question: str, k: int, filters: Filters) -> Found:
        """The ``k`` best passages among those of articles that pass the filters, copies counted once.

        Raises:
            ModelMismatch: the index was made by another model than the encoder's.
        """
        query = weighed(self._store, question)
        if self._store.model() is None:
            return Found(query)
        vector = self._encoder.encode([question])[0]
        dense = dict(self._search_vectors(vector, CANDIDATES, filters))
        lexical = dict(search_lexical(self._store, query.phrases, CANDIDATES, filters))
        # What only the words found has a cosine too: looking it up beats imputing it.
        only_lexical = self._store.vectors(id_ for id_ in lexical if id_ not in dense)
        cosines = dense | {id_: float(np.dot(vector, other)) for id_, other in only_lexical.items()}
        bodies = self._store.bodies(cosines)
        coverage = {id_: query.coverage(held_stems(body)) for id_, body in bodies.items()}
        fused = fuse({id_: cosines[id_] for id_ in bodies}, lexical, coverage)
        ranked = list(islice(_without_copies(fused, bodies), k))
        passages = self._store.passages(id_ for id_, _ in ranked)
        dense_ranks = {id_: rank for rank, id_ in enumerate(dense, 1)}
        lexical_ranks = {id_: rank for rank, id_ in enumerate(lexical, 1)}
        hits = (
            Hit(
                passage=passages[id_],
                fused=score,
                dense=cosines[id_],
                lexical=lexical.get(id_),
                dense_rank=dense_ranks.get(id_),
                lexical_rank=lexical_ranks.get(id_),
            )
            for id_, score in ranked
        )
        fitted = self._encoder.stamp.name == DEFAULT_MODEL
        return Found(query, tuple(hits), max(cosines.values(), default=0.0) if fitted else None)

    def search_dense(self, question: str, k: int, filters: Filters) -> list[tuple[int, float]]:
        """The ``k`` nearest passages by their vectors alone, as (id, cosine), best first."""
        return self._search_vectors(self._encoder.encode([question])[0], k, filters)

    def _search_vectors(self, vector: Vectors, k: int, filters: Filters) -> list[tuple[int, float]]:
        made_by = self._store.model()
        if made_by is None:
            return []
        check_model(made_by, self._encoder.stamp)
        allowed = self._store.passage_ids(filters) if filters else None
        with self._vectors.lock:
            self._vectors.sync(self._store)
            return self._vectors.search(vector, k, allowed)


def _without_copies(
    ranked: Sequence[tuple[int, float]], bodies: Mapping[int, str]
) -> Iterator[tuple[int, float]]:
    """The first of passages with the same words: papers print the same wire story, one is enough."""
    seen: set[str] = set()
    for id_, score in ranked:
        words = " ".join(bodies[id_].split())
        if words not in seen:
            seen.add(words)
            yield id_, score
