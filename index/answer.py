"""From a question to an Answer: retrieve, read, decide, cite."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.citing import Reading, cite
from index.confidence import confidence
from index.reader import Reader
from index.search import Found, Searcher
from index.store import Store
from index.terms import held_stems
from index.types import Answer, Filters

NO_ARTICLES = "there are no articles yet"
NOTHING_PASSES = "no article passes the filters"
TOO_WEAK = "no passage is near enough to the question (confidence {:.2f}, asked for at least {:.2f})"
# Passages that the reader gets, and those among them that decide whether there is an answer.
READ = 20
DECIDING = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and within which bounds."""

    text: str
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    citations: int = 3
    min_confidence: float = 0.5


class Answerer:
    """Answers questions over one index. Not for several threads at once."""

    def __init__(self, store: Store, searcher: Searcher, reader: Reader) -> None:
        self._store = store
        self._searcher = searcher
        self._reader = reader

    def answer(self, question: Question) -> Answer:
        """The answer, over one snapshot of the index.

        Raises:
            StoreError: the index cannot be read, or was made by another model.
        """
        started = time.perf_counter()
        with self._store.snapshot():
            found = self._searcher.search(question.text, max(READ, 2 * question.citations), question.filters)
            articles = self._store.articles_by_id({hit.passage.article_id for hit in found.hits})
            reason = None if found.hits else self._why_nothing()
        searched = time.perf_counter()
        pairs = [(articles[hit.passage.article_id], hit.passage) for hit in found.hits]
        spans = self._reader.read(found.query, pairs)
        readings = [
            Reading(hit, article, span)
            for hit, (article, _), span in zip(found.hits, pairs, spans, strict=True)
        ]
        read = time.perf_counter()
        answer = _decided(question, found, readings, reason)
        timings = {
            "search": (searched - started) * 1000,
            "read": (read - searched) * 1000,
            "total": (time.perf_counter() - started) * 1000,
        }
        return replace(answer, timings=timings)

    def _why_nothing(self) -> str:
        return NOTHING_PASSES if self._store.counts()["articles"] else NO_ARTICLES


def _decided(question: Question, found: Found, readings: Sequence[Reading], reason: str | None) -> Answer:
    sure = _confidence(found, readings[:DECIDING]) if readings else 0.0
    answered = bool(readings) and sure >= question.min_confidence
    citations = cite(readings, question.citations, answered=answered)
    return Answer(
        question=question.text,
        answered=answered,
        text=citations[0].answer if answered else None,
        confidence=sure,
        citations=citations,
        as_of=question.as_of or date.today(),
        reason=None if answered else reason or TOO_WEAK.format(sure, question.min_confidence),
        hits=found.hits,
    )


def _confidence(found: Found, readings: Sequence[Reading]) -> float:
    passages, sentences = [], []
    for reading in readings:
        text, passage, span = reading.article.text, reading.hit.passage, reading.span
        passages.append(f"{reading.article.title} {text[passage.start : passage.end]}")
        sentences.append(text[span.start : span.end])
    passage_coverage, sentence_coverage = (
        max(found.query.coverage(held_stems(text)) for text in texts) for texts in (passages, sentences)
    )
    # One word that is found again ("who won?") is no sign of an answer.
    if len(found.query.weights) < 2:
        sentence_coverage = 0.0
    return confidence(found.nearest, passage_coverage, sentence_coverage)
