"""Articles, passages and vectors on disk. SQL and nothing else: what it means is decided elsewhere."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from index.database import FILE_NAME, connect, explained, transaction
from index.errors import ModelMismatch
from index.types import Article, Filters, ModelStamp, Passage, Revision, Vectors

ARTICLE_COLUMNS = (
    "id, text, title, digest, title_derived, authors, publisher, published, modified,"
    " url, path, language, line, line_starts"
)
# SQLite's limit on bound parameters was 999 for long; ids are asked for in groups.
_GROUP = 900
_Id = TypeVar("_Id", int, str)


@dataclass(frozen=True, slots=True)
class Stored:
    """What re-ingesting needs to know of an article that is in: is it the same, and where was it read."""

    digest: str
    path: str | None
    line: int | None


class Store:
    """One connection for reading, for one thread at a time. It never writes.

    Errors that a user can mend are raised as StoreError.
    """

    _create = False

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.path = data_dir / FILE_NAME
        self._db = connect(self.path, create=self._create)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read within sees one unchanging generation; writers go on meanwhile."""
        with explained(self.path), transaction(self._db, "DEFERRED"):
            yield

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows that a query gives, for the modules beside this one."""
        with explained(self.path):
            return self._db.execute(sql, parameters).fetchall()

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """The rows of a query one by one, where all at once would be too many."""
        with explained(self.path):
            yield from self._db.execute(sql, parameters)

    def number(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """The one number that a query gives; 0 for NULL."""
        return int(self.rows(sql, parameters)[0][0] or 0)

    def generation(self) -> int:
        """Counts the transactions that changed the index; grows by one with each."""
        return self.number("SELECT max(generation) FROM generations")

    def token(self, generation: int) -> str | None:
        """The random mark of a generation; another index, or another past of this one, has another."""
        rows = self.rows("SELECT token FROM generations WHERE generation = ?", (generation,))
        return str(rows[0][0]) if rows else None

    def model(self) -> ModelStamp | None:
        """The model that made the vectors, None while nothing is embedded."""
        name, digest, dimensions = (self._meta(key) for key in ("model", "model_digest", "dimensions"))
        return ModelStamp(str(name), str(digest), int(dimensions)) if name and dimensions else None

    def _meta(self, key: str) -> str | int | None:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def stored(self) -> dict[str, Stored]:
        """Every article's digest and place, by id."""
        rows = self.rows("SELECT id, digest, path, line FROM articles")
        return {id_: Stored(digest, path, line) for id_, digest, path, line in rows}

    def article(self, article_id: str) -> Article | None:
        """An article by its id."""
        return next(iter(self.articles_by_id([article_id]).values()), None)

    def articles_by_id(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles with these ids, by id; those that are not in are left out."""
        found: dict[str, Article] = {}
        for group, marks in _grouped(ids):
            sql = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN ({marks})"
            found.update((row[0], _article(row)) for row in self.rows(sql, group))
        return found

    def articles(self, filters: Filters | None = None) -> Iterator[Article]:
        """The articles that pass the filters, newest first, undated ones last."""
        where, parameters = where_clause(filters or Filters())
        yield from map(
            _article,
            self.stream(
                f"SELECT {ARTICLE_COLUMNS} FROM articles a WHERE {where}"
                " ORDER BY published DESC NULLS LAST, title, id",
                parameters,
            ),
        )

    def ids_starting(self, prefix: str) -> list[str]:
        """Ids of articles that begin with ``prefix``, so that a short id can name one."""
        rows = self.rows("SELECT id FROM articles WHERE substr(id, 1, ?) = ? LIMIT 9", (len(prefix), prefix))
        return [id_ for (id_,) in rows]

    def ids_at(self, location: str) -> list[str]:
        """Ids of the articles with this URL, at this absolute path, or in this folder."""
        # "0" is the character after "/": all paths that begin with the folder, found by the index.
        rows = self.rows(
            "SELECT id FROM articles WHERE url = ?1 OR path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')"
            " ORDER BY id",
            (location.rstrip("/"),),
        )
        return [id_ for (id_,) in rows]

    def article_count(self) -> int:
        """How many articles there are."""
        return self.number("SELECT count(*) FROM articles")

    def newest(self) -> date | None:
        """The day on which the newest article was published, None where none is dated."""
        day = self.rows("SELECT max(published) FROM articles")[0][0]
        return date.fromisoformat(day) if day else None

    def revisions(self, article_id: str) -> list[Revision]:
        """What the article said before, newest first."""
        rows = self.rows(
            "SELECT text, digest, replaced_at FROM revisions WHERE article_id = ? ORDER BY rowid DESC",
            (article_id,),
        )
        return [Revision(*row) for row in rows]

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """The passages with these ids, by id; those that are gone are left out."""
        found: dict[int, Passage] = {}
        for group, marks in _grouped(ids):
            sql = (
                'SELECT p.id, a.id, p.ordinal, p.start, p."end"'
                f" FROM passages p JOIN articles a ON a.key = p.article WHERE p.id IN ({marks})"
            )
            found.update((row[0], Passage(*row)) for row in self.rows(sql, group))
        return found

    def passage_ids(self, filters: Filters) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Ids of the passages whose articles pass the filters, as int64."""
        where, parameters = where_clause(filters)
        rows = self.rows(
            f"SELECT p.id FROM articles a JOIN passages p ON p.article = a.key WHERE {where}",
            parameters,
        )
        return np.fromiter((id_ for (id_,) in rows), np.int64)

    def vectors(self, ids: Iterable[int]) -> dict[int, Vectors]:
        """The unit vectors of these passages, by id."""
        found: dict[int, Vectors] = {}
        for group, marks in _grouped(ids):
            sql = f"SELECT passage, vector FROM vectors WHERE passage IN ({marks})"
            found.update((id_, np.frombuffer(blob, "<f4")) for id_, blob in self.rows(sql, group))
        return found

    def bodies(self, ids: Iterable[int]) -> dict[int, str]:
        """The texts of these passages, by id."""
        found: dict[int, str] = {}
        for group, marks in _grouped(ids):
            found.update(self.rows(f"SELECT id, body FROM passage_text WHERE id IN ({marks})", group))
        return found

    def vectors_since(self, generation: int) -> Iterator[tuple[int, bytes]]:
        """Passage ids with their vectors (float32 bytes) stored after ``generation``."""
        return self.stream(
            "SELECT passage, vector FROM passages JOIN vectors ON passage = id WHERE generation > ?",
            (generation,),
        )

    def removed_since(self, generation: int) -> list[int]:
        """Ids of passages removed after ``generation``; some may have come back since."""
        rows = self.rows("SELECT DISTINCT passage FROM removed WHERE generation > ?", (generation,))
        return [id_ for (id_,) in rows]

    def counts(self) -> Mapping[str, int]:
        """How many articles, passages, vectors, old revisions and staged vectors there are."""
        return {
            table: self.number(f"SELECT count(*) FROM {table}")
            for table in ("articles", "passages", "vectors", "revisions", "staged")
        }


def check_model(made_by: ModelStamp, asked: ModelStamp) -> None:
    """Refuse to mix vectors of two models.

    Raises:
        ModelMismatch: the index was made by another model than this one.
    """
    if made_by.digest != asked.digest:
        raise model_mismatch(made_by, asked.name)


def model_mismatch(made_by: ModelStamp, name: str) -> ModelMismatch:
    """The error that says which model made the index, which one is asked for, and what to do."""
    which = "another version of it" if made_by.name == name else name
    return ModelMismatch(
        f"the index was made by the embedding model {made_by.name}, the configuration names {which}:"
        " set embedding.model back, or embed everything anew with `pullquote ingest --reembed`"
    )


def where_clause(filters: Filters) -> tuple[str, list[object]]:
    """An SQL condition on ``articles a`` with its parameters. An undated article passes no date filter."""
    conditions: list[str] = ["1"]
    parameters: list[object] = []
    for condition, value in (
        ("a.published >= ?", filters.since and filters.since.isoformat()),
        ("a.published <= ?", filters.until and filters.until.isoformat()),
        ("a.publisher = ? COLLATE NOCASE", filters.publisher),
    ):
        if value:
            conditions.append(condition)
            parameters.append(value)
    return " AND ".join(conditions), parameters


def _grouped(ids: Iterable[_Id]) -> Iterator[tuple[list[_Id], str]]:
    everything = list(ids)
    for start in range(0, len(everything), _GROUP):
        group = everything[start : start + _GROUP]
        yield group, ",".join("?" * len(group))


def _article(row: Sequence[object]) -> Article:
    (
        id_,
        text,
        title,
        digest,
        derived,
        authors,
        publisher,
        published,
        modified,
        url,
        path,
        language,
        line,
        starts,
    ) = row
    return Article(
        id=str(id_),
        text=str(text),
        title=str(title),
        digest=str(digest),
        title_derived=bool(derived),
        authors=tuple(json.loads(str(authors))),
        publisher=str(publisher),
        published=date.fromisoformat(str(published)) if published else None,
        modified=date.fromisoformat(str(modified)) if modified else None,
        url=None if url is None else str(url),
        path=None if path is None else str(path),
        language=None if language is None else str(language),
        line=None if line is None else int(str(line)),
        line_starts=tuple(json.loads(str(starts))),
    )
