"""Writing to the index: one transaction for each batch, one writer at a time."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.database import explained, transaction
from index.lock import writer_lock
from index.store import ARTICLE_COLUMNS, Store, check_model
from index.types import Article, ModelStamp, Passage, Vectors


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its passages and their vectors, row for row, ready to be stored."""

    article: Article
    passages: Sequence[Passage]
    vectors: Vectors


class Writer(Store):
    """The one writing connection: it holds the writer's lock until it is closed.

    Opening it makes the index where it is missing and updates an older schema.

    Raises:
        LockedError: another process is writing.
        StoreError: the data folder or the database cannot be used.
    """

    _create = True

    def __init__(self, data_dir: Path) -> None:
        with ExitStack() as stack:
            stack.enter_context(writer_lock(data_dir))
            super().__init__(data_dir)
            self._lock = stack.pop_all()

    def close(self) -> None:
        """Close the connection and free the lock."""
        super().close()
        self._lock.close()

    @contextmanager
    def _writing(self) -> Iterator[int]:
        """One transaction, which becomes the next generation."""
        with explained(self.path), transaction(self._db):
            (generation,) = self._db.execute(
                "INSERT INTO generations DEFAULT VALUES RETURNING generation"
            ).fetchone()
            yield generation

    def write(self, entries: Sequence[Entry], model: ModelStamp) -> None:
        """Add or replace articles, all of them or, if anything fails, none.

        Raises:
            ModelMismatch: the index was made by another model.
            StoreError: the disk is full, or the like.
            ValueError: an article is given twice.
        """
        # FTS5 would be told to forget words that it has yet to be told, and break.
        if len({entry.article.id for entry in entries}) < len(entries):
            raise ValueError("an article is given twice in one batch")
        with self._writing() as generation:
            self._stamp(model)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            words: list[tuple[int, str, str]] = []
            for entry in entries:
                article = entry.article
                key = self._put_article(article, generation, now)
                vectors = np.ascontiguousarray(entry.vectors, "<f4")
                self._db.executemany(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                    ((p.id, key, p.ordinal, p.start, p.end, generation) for p in entry.passages),
                )
                self._db.executemany(
                    "INSERT INTO vectors VALUES (?, ?)",
                    ((p.id, v.tobytes()) for p, v in zip(entry.passages, vectors, strict=True)),
                )
                words += ((p.id, article.title, article.text[p.start : p.end]) for p in entry.passages)
            # FTS5 starts a new segment whenever a rowid is not above the last: in order it starts one.
            self._db.executemany(
                "INSERT INTO passage_fts (rowid, title, body) VALUES (?, ?, ?)", sorted(words)
            )

    def _stamp(self, model: ModelStamp) -> None:
        made_by = self.model()
        if made_by is None:
            values = {"model": model.name, "model_digest": model.digest, "dimensions": model.dimensions}
            self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        else:
            check_model(made_by, model)
            # The same weights under another name: that is how they are asked for now.
            self._db.execute("UPDATE meta SET value = ? WHERE key = 'model'", (model.name,))

    def _put_article(self, article: Article, generation: int, now: str) -> int:
        old = self._key(article.id)
        if old is not None:
            self._db.execute(
                "INSERT INTO revisions SELECT id, digest, text, ? FROM articles WHERE key = ?", (now, old)
            )
            self._drop_passages(old, generation)
        columns = f"{ARTICLE_COLUMNS}, ingested_at".split(", ")
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        row = self._db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            f" ON CONFLICT (id) DO UPDATE SET {updates} RETURNING key",
            (*_row(article), now),
        ).fetchone()
        return int(row[0])

    def _key(self, article_id: str) -> int | None:
        row = self._db.execute("SELECT key FROM articles WHERE id = ?", (article_id,)).fetchone()
        return int(row[0]) if row else None

    def _drop_passages(self, key: int, generation: int) -> None:
        """Remove an article's passages and all that belongs to them; the article must still be as it was."""
        title, text = self._db.execute("SELECT title, text FROM articles WHERE key = ?", (key,)).fetchone()
        spans = self._db.execute(
            'SELECT id, start, "end" FROM passages WHERE article = ? ORDER BY id', (key,)
        ).fetchall()
        # FTS5 must be told the words that it is to forget.
        self._db.executemany(
            "INSERT INTO passage_fts (passage_fts, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            ((id_, title, text[start:end]) for id_, start, end in spans),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO removed VALUES (?, ?)", ((generation, id_) for id_, _, _ in spans)
        )
        ids = [(id_,) for id_, _, _ in spans]
        for table, column in (("vectors", "passage"), ("staged", "passage"), ("passages", "id")):
            self._db.executemany(f"DELETE FROM {table} WHERE {column} = ?", ids)

    def relocate(self, articles: Iterable[Article]) -> None:
        """Note that unchanged articles were now read at another path or line."""
        with explained(self.path), transaction(self._db):
            self._db.executemany(
                "UPDATE articles SET path = ?, line = ?, line_starts = ? WHERE id = ?",
                ((a.path, a.line, json.dumps(a.line_starts), a.id) for a in articles),
            )

    def unstaged(self, limit: int) -> list[tuple[int, str, str]]:
        """Up to ``limit`` passages without a staged vector, as (id, title, text)."""
        return self.rows(
            "SELECT id, title, body FROM passage_text WHERE id NOT IN (SELECT passage FROM staged) LIMIT ?",
            (limit,),
        )

    def stage(self, ids: Sequence[int], vectors: Vectors, model: ModelStamp) -> None:
        """Keep another model's vectors beside those in use, until all are there."""
        with explained(self.path), transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('staged_digest', ?)", (model.digest,))
            rows = zip(ids, np.ascontiguousarray(vectors, "<f4"), strict=True)
            self._db.executemany("INSERT INTO staged VALUES (?, ?)", ((id_, v.tobytes()) for id_, v in rows))

    def staged_digest(self) -> str | None:
        """Which model's vectors are staged."""
        digest = self._meta("staged_digest")
        return None if digest is None else str(digest)

    def clear_staged(self) -> None:
        """Forget staged vectors."""
        with explained(self.path), transaction(self._db):
            self._db.execute("DELETE FROM staged")
            self._db.execute("DELETE FROM meta WHERE key = 'staged_digest'")

    def adopt_staged(self, model: ModelStamp) -> None:
        """Put the staged vectors in the place of those in use, at once."""
        with self._writing() as generation:
            self._db.execute("DELETE FROM vectors")
            self._db.execute(
                "INSERT INTO vectors SELECT passage, vector FROM staged JOIN passages ON id = passage"
            )
            self._db.execute("UPDATE passages SET generation = ?", (generation,))
            self._db.execute("DELETE FROM staged")
            self._db.execute(
                "DELETE FROM meta WHERE key IN ('staged_digest', 'model', 'model_digest', 'dimensions')"
            )
            self._stamp(model)

    def rebuild_lexical(self) -> None:
        """Make the lexical index anew from the articles."""
        with explained(self.path), transaction(self._db):
            self._db.execute("INSERT INTO passage_fts (passage_fts) VALUES ('rebuild')")

    def lexical_is_sound(self) -> bool:
        """Whether the lexical index holds exactly the passages' words (FTS5's own check)."""
        with explained(self.path):
            try:
                self._db.execute("INSERT INTO passage_fts (passage_fts, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT_VTAB:
                    return False
                raise
        return True

    def remove(self, ids: Iterable[str]) -> int:
        """Remove articles with their passages and old revisions; returns how many were in."""
        count = 0
        with self._writing() as generation:
            for id_ in ids:
                key = self._key(id_)
                if key is not None:
                    self._drop_passages(key, generation)
                    self._db.execute("DELETE FROM revisions WHERE article_id = ?", (id_,))
                    self._db.execute("DELETE FROM articles WHERE key = ?", (key,))
                    count += 1
        return count


def _row(article: Article) -> tuple[object, ...]:
    return (
        article.id,
        article.text,
        article.title,
        article.digest,
        article.title_derived,
        json.dumps(article.authors, ensure_ascii=False),
        article.publisher,
        article.published and article.published.isoformat(),
        article.modified and article.modified.isoformat(),
        article.url,
        article.path,
        article.language,
        article.line,
        json.dumps(article.line_starts),
    )
