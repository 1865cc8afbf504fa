"""Lexical retrieval: BM25 over SQLite's full-text index."""

from collections.abc import Sequence

from index.store import Store, where_clause
from index.types import Filters


def search_lexical(store: Store, phrases: Sequence[str], k: int, filters: Filters) -> list[tuple[int, float]]:
    """The ``k`` best passages by BM25 as (id, score), best first; scores are positive, unbounded.

    k1 = 1.2 and b = 0.75 are built into FTS5; title and body weigh the same, which other
    weights did not better on news-dev.
    """
    if not phrases:
        return []
    # Quoted, a phrase is never an operator, whatever was typed.
    match = " OR ".join(f'"{phrase}"' for phrase in phrases)
    where, parameters = where_clause(filters)
    join = " JOIN passages p ON p.id = f.rowid JOIN articles a ON a.key = p.article" if filters else ""
    rows = store.rows(
        f"SELECT f.rowid, f.rank FROM passage_fts f{join}"
        f" WHERE passage_fts MATCH ? AND {where} ORDER BY f.rank LIMIT ?",
        (match, *parameters, k),
    )
    return [(id_, -rank) for id_, rank in rows]
