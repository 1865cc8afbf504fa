"""Articles for lists and choices: by date and by title, without reading all their texts."""

import re

from index.store import Store
from index.types import Article

# Passages whose title fits that are looked at: more than a list shows, as an article has several.
_PASSAGES = 500


def newest(store: Store, limit: int, publisher: str | None = None) -> list[Article]:
    """The ``limit`` articles published last, of ``publisher`` if one is given; undated ones come last."""
    condition = " WHERE publisher = ? COLLATE NOCASE" if publisher else ""
    rows = store.rows(
        f"SELECT id FROM articles{condition} ORDER BY published DESC LIMIT ?",
        (publisher, limit) if publisher else (limit,),
    )
    return _in_order(store, [id_ for (id_,) in rows])


def titled(store: Store, typed: str, limit: int) -> list[Article]:
    """Up to ``limit`` articles whose title holds all words of ``typed``, the last one as a beginning.

    Newest first; without words those published last.
    """
    words = re.findall(r"\w+", typed)
    if not words:
        return newest(store, limit)
    # Quoted, a word is never an operator, whatever was typed.
    match = "title : (" + " AND ".join(f'"{word}"' for word in words) + "*)"
    rows = store.rows(
        "SELECT a.id FROM articles a WHERE a.key IN (SELECT p.article FROM passages p WHERE p.id IN"
        " (SELECT rowid FROM passage_fts WHERE passage_fts MATCH ? LIMIT ?))"
        " ORDER BY a.published DESC LIMIT ?",
        (match, _PASSAGES, limit),
    )
    return _in_order(store, [id_ for (id_,) in rows])


def publishers(store: Store) -> list[tuple[str, int]]:
    """The publishers with how many articles they have, most first; "" for those without one.

    Spellings that differ in capitals only are one, as they are for a filter.
    """
    return store.rows(
        "SELECT publisher, count(*) AS n FROM articles GROUP BY publisher COLLATE NOCASE"
        " ORDER BY n DESC, publisher"
    )


def _in_order(store: Store, ids: list[str]) -> list[Article]:
    found = store.articles_by_id(ids)
    return [found[id_] for id_ in ids]
