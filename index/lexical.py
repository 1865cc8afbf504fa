"""Lexical retrieval: BM25 over SQLite's full-text index."""

import re

from index.store import Store, where_clause
from index.types import Filters

# bm25() of FTS5 has k1 = 1.2 and b = 0.75 built in; these weigh the columns.
TITLE_WEIGHT = 1.0
BODY_WEIGHT = 1.0

# Function words and question words: frequent in both questions and articles, telling of neither.
STOP_WORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being between both but by"
    " can could did do does doing done down during each few for from further had has have having he her here hers"
    " him his how i if in into is it its itself just many me more most much my no nor not now of off on once only"
    " or other our out over own same she should so some such than that the their theirs them then there these they"
    " this those through to too under until up us very was we were what when where which while who whom whose why"
    " will with would you your s t d ll m re ve".split()
)
_WORD = re.compile(r"[^\W_]+")


def query_terms(question: str) -> list[str]:
    """The question's words in lower case, each once, without stop words unless there are no others."""
    words = list(dict.fromkeys(_WORD.findall(question.lower())))
    return [word for word in words if word not in STOP_WORDS] or words


def search_lexical(store: Store, question: str, k: int, filters: Filters) -> list[tuple[int, float]]:
    """The ``k`` best passages by BM25 as (id, score), best first; scores are positive, unbounded."""
    terms = query_terms(question)
    if not terms:
        return []
    # Quoted, a term is never an operator, whatever was typed.
    match = " OR ".join(f'"{term}"' for term in terms)
    where, parameters = where_clause(filters)
    join = " JOIN passages p ON p.id = f.rowid JOIN articles a ON a.key = p.article" if filters else ""
    rows = store.execute(
        f"SELECT f.rowid, f.rank FROM passage_fts f{join}"
        f" WHERE passage_fts MATCH ? AND f.rank MATCH 'bm25({TITLE_WEIGHT}, {BODY_WEIGHT})' AND {where}"
        " ORDER BY f.rank LIMIT ?",
        (match, *parameters, k),
    )
    return [(id_, -rank) for id_, rank in rows]
