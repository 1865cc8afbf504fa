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
from index.store import ARTICLE_COLUMNS, ModelStamp, Store, check_model
from index.types import Article, Passage, Vectors


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
            generation = self.generation() + 1
            yield generation
            self._db.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (generation,))

    def write(self, entries: Sequence[Entry], model: ModelStamp) -> None:
        """Add or replace articles, all of them or, if anything fails, none.

        Raises:
            ModelMismatch: the index was made by another model.
            StoreError: the disk is full, or the like.
        """
        with self._writing() as generation:
            self._stamp(model)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            rows: list[tuple[Passage, int, bytes]] = []
            for entry in entries:
                key = self._put_article(entry.article, generation, now)
                vectors = np.ascontiguousarray(entry.vectors, "<f4")
                rows += ((p, key, v.tobytes()) for p, v in zip(entry.passages, vectors, strict=True))
            # FTS5 starts a new segment whenever a rowid is not above the last: in order it starts one.
            rows.sort(key=lambda row: row[0].id)
            self._db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                ((p.id, key, p.ordinal, p.start, p.end, generation) for p, key, _ in rows),
            )
            self._db.executemany("INSERT INTO vectors VALUES (?, ?)", ((p.id, v) for p, _, v in rows))

    def _stamp(self, model: ModelStamp) -> None:
        made_by = self.model()
        if made_by is None:
            values = {"model": model.name, "model_digest": model.digest, "dimensions": model.dimensions}
            self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        else:
            check_model(made_by, model.name, model.digest)

    def _put_article(self, article: Article, generation: int, now: str) -> int:
        old = self._db.execute("SELECT key FROM articles WHERE id = ?", (article.id,)).fetchone()
        if old:
            self._db.execute(
                "INSERT INTO revisions SELECT id, digest, text, ? FROM articles WHERE key = ?", (now, old[0])
            )
            self._drop_passages(old[0], generation)
        columns = f"{ARTICLE_COLUMNS}, ingested_at".split(", ")
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        row = self._db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            f" ON CONFLICT (id) DO UPDATE SET {updates} RETURNING key",
            (*_row(article), now),
        ).fetchone()
        return int(row[0])

    def _drop_passages(self, key: int, generation: int) -> None:
        of_article = "SELECT id FROM passages WHERE article = ?"
        self._db.execute(f"INSERT OR IGNORE INTO removed SELECT ?, id FROM ({of_article})", (generation, key))
        self._db.execute(f"DELETE FROM vectors WHERE passage IN ({of_article})", (key,))
        self._db.execute("DELETE FROM passages WHERE article = ?", (key,))

    def relocate(self, articles: Iterable[Article]) -> None:
        """Note that unchanged articles were now read at another path or line."""
        with explained(self.path), transaction(self._db):
            self._db.executemany(
                "UPDATE articles SET path = ?, line = ?, line_starts = ? WHERE id = ?",
                ((a.path, a.line, json.dumps(a.line_starts), a.id) for a in articles),
            )

    def unstaged(self, limit: int) -> list[tuple[int, str, str]]:
        """Up to ``limit`` passages without a staged vector, as (id, title, text)."""
        return self.execute(
            "SELECT id, title, body FROM passage_text WHERE id NOT IN (SELECT passage FROM staged) LIMIT ?",
            (limit,),
        ).fetchall()

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
        try:
            self._db.execute("INSERT INTO passage_fts (passage_fts, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError:
            return False
        return True

    def remove(self, ids: Iterable[str]) -> int:
        """Remove articles with their passages and old revisions; returns how many were in."""
        count = 0
        with self._writing() as generation:
            for id_ in ids:
                row = self._db.execute("SELECT key FROM articles WHERE id = ?", (id_,)).fetchone()
                if row:
                    self._drop_passages(row[0], generation)
                    self._db.execute("DELETE FROM revisions WHERE article_id = ?", (id_,))
                    self._db.execute("DELETE FROM articles WHERE key = ?", row)
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
