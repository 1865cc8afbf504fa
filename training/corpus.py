"""A throw-away lexical index over the articles that hard negatives come from."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.terms import held_stems, query_terms, stems
from ingest.split import split
from training.sources import read_jsonl


@dataclass(frozen=True, slots=True)
class CorpusPassage:
    """A passage of the training articles."""

    url: str
    title: str
    text: str


def covered(question: str, text: str) -> float:
    """The share of the question's words that a text holds, inflected or not: 0 to 1."""
    wanted = set(stems(" ".join(query_terms(question)[0])))
    return len(wanted & held_stems(text)) / max(len(wanted), 1)


class Corpus:
    """BM25 over passages cut as the product cuts them, in a SQLite file of its own."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)

    @classmethod
    def build(cls, articles: Path, path: Path) -> Self:
        """The corpus of an articles.jsonl.gz; made anew unless it is whole."""
        corpus = cls(path)
        db = corpus._db
        if db.execute("PRAGMA user_version").fetchone()[0] == 1:
            return corpus
        db.executescript(
            "DROP TABLE IF EXISTS passages;"
            "CREATE VIRTUAL TABLE passages USING fts5"
            "(title, body, url UNINDEXED, tokenize='porter unicode61 remove_diacritics 2');"
        )
        for article in read_jsonl(articles):
            text = article["text"]
            rows = (
                (article["title"], text[passage.start : passage.end], article["url"])
                for passage in split(article["url"], text)
            )
            db.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)
        db.execute("PRAGMA user_version = 1")
        db.commit()
        return corpus

    def search(self, question: str, k: int) -> list[CorpusPassage]:
        """The ``k`` best passages, best first."""
        terms, _ = query_terms(question)
        match = " OR ".join(f'"{term}"' for term in terms)
        rows = self._db.execute(
            "SELECT url, title, body FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (match, k)
        )
        return [CorpusPassage(*row) for row in rows]
