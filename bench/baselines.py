"""Pullquote and its parts alone, as systems to ask: what bench/answers.py compares. Nothing to run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.evaluation.running import QUOTES, Quote, Reply, System
from index import engine
from index.answer import Answerer, Question
from index.combination import Combination
from index.config import DEFAULT_READER, NO_READER, Config, ReaderConfig
from index.engine import Engine
from index.lexical import search_lexical
from index.reader import SHIPPED, SpanReader
from index.search import Searcher
from index.sentence_reader import SentenceReader
from index.store import Store
from index.terms import Query, weighed
from index.types import Answer, Article, Filters, Passage, Vectors

# The best margin wins and, through the logistic function, is the confidence too.
MARGIN_ALONE = Combination(ranking={"margin": 1.0}, confidence={"margin": 1.0, "constant": 0.0})


@dataclass(frozen=True, slots=True)
class Bench:
    """What all systems share: the index, and the reader as Pullquote and as other tools load it."""

    data_dir: Path
    store: Store
    searcher: Searcher
    reader: Path | None = None
    hugging_face: Path | None = None


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as other tools get it. The vector is of title and text, as in the index."""

    text: str
    title: str
    url: str | None
    vector: Vectors


def indexed_passages(store: Store) -> list[IndexedPassage]:
    """All passages of the index."""
    with store.snapshot():
        passages = store.passages(id_ for (id_,) in store.rows("SELECT id FROM passages ORDER BY id"))
        vectors = store.vectors(passages)
        articles = store.articles_by_id({each.article_id for each in passages.values()})
    return [
        IndexedPassage(article.text[each.start : each.end], article.title, article.url, vectors[id_])
        for id_, each in passages.items()
        for article in (articles[each.article_id],)
    ]


def bm25_sentence(bench: Bench) -> System:
    """The best sentence of BM25's best passage."""
    return _best_sentence(bench, lambda query: search_lexical(bench.store, query.phrases, QUOTES, Filters()))


def dense_sentence(bench: Bench) -> System:
    """The best sentence of the passage with the nearest vector."""
    return _best_sentence(bench, lambda query: bench.searcher.search_dense(query.text, QUOTES, Filters()))


def _best_sentence(bench: Bench, search: Callable[[Query], list[tuple[int, float]]]) -> System:
    """Of the first passage that is found, the sentence that Pullquote would take without a reader.

    Its confidence is the passage's score.
    """
    reader = SentenceReader()

    def ask(question: str, as_of: date | None) -> Reply:
        started = time.perf_counter()
        with bench.store.snapshot():
            query = weighed(bench.store, question)
            ranked = search(query)
            passages = bench.store.passages(id_ for id_, _ in ranked)
            articles = bench.store.articles_by_id({each.article_id for each in passages.values()})
        pairs = [(articles[passages[id_].article_id], passages[id_]) for id_, _ in ranked]
        if not pairs:
            return Reply(None, 0.0)
        (reading,) = reader.read(query, pairs[:1])
        span = reading.spans[0]
        return Reply(
            text=pairs[0][0].text[span.start : span.end],
            confidence=ranked[0][1],
            quotes=_quotes(pairs),
            milliseconds=(time.perf_counter() - started) * 1000,
        )

    return ask


def without_reader(bench: Bench) -> System:
    """Pullquote with ``reader.model = "none"``: both searches fused, the best sentence of 20 passages.

    Which is best is weighed as shipped.
    """
    return _asked(_engine(bench, NO_READER).answer)


def without_combination(bench: Bench) -> System:
    """The reader over the 20 fused passages, with no learned weights."""
    reader = SpanReader(bench.reader or SHIPPED)
    return _asked(Answerer(bench.store, bench.searcher, reader, MARGIN_ALONE).answer)


def pullquote(bench: Bench) -> System:
    """Pullquote as it is shipped."""
    return _asked(_engine(bench, DEFAULT_READER).answer)


def _engine(bench: Bench, reader: str) -> Engine:
    """An engine over the index; it stays open as long as the benchmark runs."""
    if bench.reader is not None:
        vars(engine)["SHIPPED"] = bench.reader
    return Engine(Config(data_dir=bench.data_dir, reader=ReaderConfig(reader)))


def _asked(answering: Callable[[Question], Answer]) -> System:
    def ask(question: str, as_of: date | None) -> Reply:
        answer = answering(Question(question, as_of=as_of, citations=QUOTES, min_confidence=0.0))
        return Reply(
            text=answer.text,
            confidence=answer.confidence,
            quotes=_quotes(_passages(answer)),
            milliseconds=answer.timings["total"],
        )

    return ask


def _passages(answer: Answer) -> list[tuple[Article, Passage]]:
    """The passages in the order in which they are cited.

    Before neighbours are joined to longer quotes: all systems are judged by the same passages.
    """
    order = sorted(answer.candidates, key=lambda each: each.cluster != answer.candidates[0].cluster)
    return list({each.hit.passage.id: (each.article, each.hit.passage) for each in order}.values())


def _quotes(pairs: Sequence[tuple[Article, Passage]]) -> list[Quote]:
    return [
        Quote(article.text[passage.start : passage.end], article.url, article.path)
        for article, passage in pairs[:QUOTES]
    ]
