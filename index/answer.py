"""From a question to an Answer: retrieve, read, rank, decide, cite."""

import time
from dataclasses import dataclass, field, replace
from datetime import date

from index.citing import cite
from index.combination import Combination, verdict_on
from index.confidence import about
from index.config import DEFAULT_CONFIDENCE
from index.kinds import Kind, kind_of
from index.ranking import candidates, ranked
from index.reader import Reader
from index.recency import time_preference
from index.search import Found, Searcher
from index.store import Store
from index.types import Answer, Candidate, Filters

NO_ARTICLES = "there are no articles yet"
NOTHING_PASSES = "no article passes the filters"
NOTHING_ABOUT = "nothing in the articles is about this"
NOT_THIS = "the articles are about this, but do not say"
TOO_WEAK = "the evidence is too weak (confidence {:.2f}, asked for at least {:.2f})"
OUTSIDE = "only articles outside the given {} answer this; the best is of {}"
# Passages that the reader gets.
READ = 20
# The least probability with which the articles are said to be about a question.
ABOUT = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and within which bounds. ``prefer``: ids of articles that rather answer than others."""

    text: str
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    citations: int = 3
    min_confidence: float = DEFAULT_CONFIDENCE
    prefer: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found and read, and how sure the best of it is."""

    found: Found
    ranked: list[Candidate]
    verdict: dict[str, float]
    sure: float
    coverage: float


class Answerer:
    """Answers questions over one index. Not for several threads at once."""

    def __init__(self, store: Store, searcher: Searcher, reader: Reader, combination: Combination) -> None:
        self._store = store
        self._searcher = searcher
        self._reader = reader
        self._combination = combination

    def answer(self, question: Question) -> Answer:
        """The answer, over one snapshot of the index.

        Raises:
            StoreError: the index cannot be read, or was made by another model.
        """
        started = time.perf_counter()
        timings: dict[str, float] = {}
        with self._store.snapshot():
            read = self._read(question, timings)
            answered = bool(read.ranked) and read.sure >= question.min_confidence
            reason = None if answered else self._reason(question, read)
        answer = Answer(
            question=question.text,
            answered=answered,
            text=read.ranked[0].text if answered else None,
            confidence=read.sure,
            citations=cite(read.ranked, question.citations, kind_of(question.text), answered=answered),
            as_of=question.as_of or date.today(),
            reason=reason,
            candidates=tuple(read.ranked),
            verdict=read.verdict,
        )
        return replace(answer, timings=timings | {"total": (time.perf_counter() - started) * 1000})

    def _read(self, question: Question, timings: dict[str, float]) -> _Read:
        started = time.perf_counter()
        found = self._searcher.search(question.text, max(READ, 2 * question.citations), question.filters)
        by_id = self._store.articles_by_id({hit.passage.article_id for hit in found.hits})
        articles = [by_id[hit.passage.article_id] for hit in found.hits]
        searched = time.perf_counter()
        readings = self._reader.read(
            found.query, [(article, hit.passage) for article, hit in zip(articles, found.hits, strict=True)]
        )
        when = time_preference(question.text, question.as_of or date.today())
        made = candidates(found, articles, readings, when, question.prefer)
        order = ranked(made, self._combination.ranking)
        timings["search"] = (searched - started) * 1000
        timings["read"] = (time.perf_counter() - searched) * 1000
        if not order:
            return _Read(found, [], {}, 0.0, 0.0)
        # One word that is found again ("who won?") is no sign of an answer, unless it is what to define.
        telling = len(found.query.weights) > 1 or kind_of(question.text) is Kind.DEFINITION
        coverage = found.coverage(articles) if telling else 0.0
        verdict = verdict_on(order, coverage)
        return _Read(found, order, verdict, self._combination.sureness(verdict), coverage)

    def _reason(self, question: Question, read: _Read) -> str:
        """Why there is no answer, in a short sentence."""
        if not read.ranked and not self._store.counts()["articles"]:
            return NO_ARTICLES
        if outside := self._outside(question):
            return outside
        if not read.ranked:
            return NOTHING_PASSES
        if max(read.sure, about(read.found.nearest, read.coverage)) < ABOUT:
            return NOTHING_ABOUT
        if read.verdict["margin"] < 0:
            return NOT_THIS
        return TOO_WEAK.format(read.sure, question.min_confidence)

    def _outside(self, question: Question) -> str | None:
        """Which filter keeps an answer out, if one does."""
        filters = question.filters
        relaxed = {}
        if filters.since or filters.until:
            relaxed["dates"] = replace(filters, since=None, until=None)
        if filters.publisher:
            relaxed["publisher"] = replace(filters, publisher=None)
        if len(relaxed) > 1:
            relaxed["dates and publisher"] = Filters()
        for name, wider in relaxed.items():
            read = self._read(replace(question, filters=wider), {})
            if read.ranked and read.sure >= question.min_confidence:
                best = read.ranked[0].article
                day = best.published.isoformat() if best.published else "an unknown day"
                return OUTSIDE.format(name, f"{day}, from {best.publisher}" if best.publisher else day)
        return None
