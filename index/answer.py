"""From a question to an Answer: retrieve, read, cite, decide."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.deeplink import deep_link
from index.reader import Reader
from index.search import Searcher
from index.store import Store
from index.types import Answer, Article, Citation, Filters, Hit, Span

NOTHING_FOUND = "nothing in the articles is about this"
TOO_WEAK = "the nearest passages are too far from the question"
NOTHING_PASSES = "no article passes the filters"
# Passages that the reader gets.
READ = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and within which bounds."""

    text: str
    filters: Filters = Filters()
    as_of: date | None = None
    citations: int = 3
    min_confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class _Reading:
    hit: Hit
    article: Article
    span: Span


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
            hits = self._searcher.search(question.text, max(READ, question.citations), question.filters)
            articles = self._store.articles_by_id({hit.passage.article_id for hit in hits})
            anything = bool(hits) or next(iter(self._store.articles(question.filters)), None) is not None
        searched = time.perf_counter()
        pairs = [(articles[hit.passage.article_id], hit.passage) for hit in hits]
        spans = self._reader.read(question.text, pairs)
        readings = [_Reading(hit, pair[0], span) for hit, pair, span in zip(hits, pairs, spans, strict=True)]
        finished = time.perf_counter()
        answer = _decide(question, readings, anything)
        timings = {
            "search": (searched - started) * 1000,
            "read": (finished - searched) * 1000,
            "total": (time.perf_counter() - started) * 1000,
        }
        return replace(answer, timings=timings, hits=tuple(hits))


def _decide(question: Question, readings: Sequence[_Reading], anything: bool) -> Answer:
    confidence = _confidence(readings)
    answered = bool(readings) and confidence >= question.min_confidence
    reason = None
    if not answered:
        filtered = bool(question.filters) and not anything
        reason = NOTHING_PASSES if filtered else TOO_WEAK if readings else NOTHING_FOUND
    citations = _citations(readings, question.citations, answered)
    return Answer(
        question=question.text,
        answered=answered,
        text=citations[0].answer if answered else None,
        confidence=confidence,
        citations=tuple(citations),
        as_of=question.as_of or date.today(),
        reason=reason,
    )


def _confidence(readings: Sequence[_Reading]) -> float:
    if not readings:
        return 0.0
    best = readings[0]
    return 1 / (1 + math.exp(-(12 * ((best.hit.dense or 0.0) - 0.45))))


def _citations(readings: Sequence[_Reading], k: int, answered: bool) -> list[Citation]:
    citations: list[Citation] = []
    texts: set[str] = set()
    for reading in readings:
        if len(citations) == k:
            break
        text = " ".join(reading.article.text[reading.hit.passage.start : reading.hit.passage.end].split())
        # Papers print the same wire story: one copy is enough.
        if text in texts:
            continue
        texts.add(text)
        citations.append(_citation(reading, answered))
    return citations


def _citation(reading: _Reading, answered: bool) -> Citation:
    article, passage, span = reading.article, reading.hit.passage, reading.span
    return Citation(
        article=article,
        start=passage.start,
        end=passage.end,
        quote=article.text[passage.start : passage.end],
        deep_link=deep_link(article, passage.start, passage.end),
        score=reading.hit.fused,
        answer_start=span.start if answered else None,
        answer_end=span.end if answered else None,
    )
