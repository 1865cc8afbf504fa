"""Whether the parts of an index agree: SQLite, the lexical index, the vectors, the FAISS file."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from index.store import Store
from index.types import Filters
from index.vectors import VectorIndex
from index.writer import Writer

REPAIR = "pullquote doctor --repair"
REEMBED = "pullquote ingest --reembed"


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, what was found, and the command or act that mends it."""

    level: Level
    subject: str
    found: str
    mend: str = ""


def check_index(store: Store) -> Iterator[Finding]:
    """Compare the parts with each other. With a Writer, FTS5's own thorough check is made too."""
    with store.snapshot():
        yield from _check_database(store)
        yield from _check_lexical(store)
        yield from _check_vectors(store)


def _check_database(store: Store) -> Iterator[Finding]:
    problems = [row[0] for row in store.rows("PRAGMA quick_check(3)")]
    broken = store.rows("PRAGMA foreign_key_check")
    if problems != ["ok"] or broken:
        found = "; ".join(problems) if problems != ["ok"] else f"{len(broken)} rows refer to nothing"
        yield Finding(Level.FAIL, "database", found, "restore a copy, or delete it and ingest again")
        return
    counts = store.counts()
    found = (
        f"{counts['articles']:,} articles, {counts['passages']:,} passages, generation {store.generation()}"
    )
    yield Finding(Level.OK, "database", found)
    empty = store.number("SELECT count(*) FROM articles WHERE key NOT IN (SELECT article FROM passages)")
    if empty:
        yield Finding(
            Level.FAIL, "articles", f"{empty:,} have no passages", "remove them and ingest them again"
        )


def _check_lexical(store: Store) -> Iterator[Finding]:
    # docsize has a row for each indexed passage; counting the FTS table itself would count the view.
    missing = store.number(
        "SELECT count(*) FROM passages WHERE id NOT IN (SELECT id FROM passage_fts_docsize)"
    )
    extra = store.number("SELECT count(*) FROM passage_fts_docsize WHERE id NOT IN (SELECT id FROM passages)")
    if missing or extra:
        found = f"{missing:,} passages are not in it, {extra:,} of its entries are no passages"
        yield Finding(Level.FAIL, "lexical index", found, REPAIR)
    elif isinstance(store, Writer) and not store.lexical_is_sound():
        yield Finding(Level.FAIL, "lexical index", "its words are not those of the passages", REPAIR)
    else:
        yield Finding(Level.OK, "lexical index", "agrees with the database")


def _check_vectors(store: Store) -> Iterator[Finding]:
    model = store.model()
    missing = store.number("SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage FROM vectors)")
    size = 4 * model.dimensions if model else 0
    odd = store.number("SELECT count(*) FROM vectors WHERE length(vector) != ?", (size,))
    if missing or odd:
        found = f"{missing:,} passages have none, {odd:,} have one of the wrong size"
        yield Finding(Level.FAIL, "vectors", found, REEMBED)
        return
    if model is None:
        yield Finding(Level.OK, "vectors", "none yet")
        return
    yield Finding(Level.OK, "vectors", f"one for each passage, made by {model.name}")
    yield _check_file(store)


def _check_file(store: Store) -> Finding:
    vectors = VectorIndex(store.data_dir)
    damage = vectors.load()
    if damage is not None:
        return Finding(Level.FAIL, "FAISS file", f"{damage}; until mended, each start takes longer", REPAIR)
    behind = store.generation() - vectors.generation
    vectors.sync(store)
    if not np.array_equal(np.sort(vectors.ids()), np.sort(store.passage_ids(Filters()))):
        return Finding(Level.FAIL, "FAISS file", "holds other passages than the database", REPAIR)
    if vectors.is_ahead_of_file:
        found = f"is {behind} generations behind: starts take longer" if behind > 0 else "is another index's"
        return Finding(Level.WARN, "FAISS file", found, f"{REPAIR} (the next ingest does it too)")
    return Finding(Level.OK, "FAISS file", "agrees with the database")
