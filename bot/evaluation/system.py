"""Pullquote as the system that is measured."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from bot.evaluation.running import QUOTES, Quote, Reply, System
from index.answer import Question
from index.engine import Engine


def pullquote(engine: Engine) -> System:
    """Pullquote over an open index, asked to answer always."""

    @lru_cache(maxsize=64)  # a file may hold a question more than once
    def ask(question: str, as_of: date | None) -> Reply:
        answer = engine.answer(Question(question, as_of=as_of, citations=QUOTES, min_confidence=0.0))

        def considered() -> Iterable[Quote]:
            for each in answer.candidates:
                passage = each.hit.passage
                yield Quote(
                    each.article.text[passage.start : passage.end], each.article.url, each.article.path
                )

        return Reply(
            text=answer.text,
            confidence=answer.confidence,
            quotes=[
                Quote(each.quote, each.article.url, each.article.path, each.resolved_date)
                for each in answer.citations
            ],
            considered=considered,
            milliseconds=answer.timings["total"],
        )

    return ask
