"""The questions that the combination is fitted to: none of them taught the reader."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from index.types import Filters
from training.sources import read_jsonl
from training.written import WrittenQuestion, read_written

# Articles from this day on are kept for it.
HELD_OUT_FROM = "2024-07-01"
# How the ids of written questions begin.
WRITTEN = "written-"
# Of the written questions every so many are asked: the quiz should not be drowned.
_EACH = 3
# Within so many days after its article, as news is.
_LATEST = 30
# Every other one is asked of a few dozen articles, those of the days around its own: whoever keeps few
# articles asks as well as whoever keeps thousands.
_DAYS = 3


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A question and its accepted answers, none if it must not be answered.

    ``supported``: the URLs of the articles that count; None if any that gives the answer does.
    """

    id: str
    text: str
    as_of: date
    answers: tuple[str, ...] = ()
    supported: frozenset[str] | None = None
    filters: Filters = field(default_factory=Filters)


def quiz(folder: Path) -> Iterator[HeldOut]:
    """The supported questions of questions.jsonl.gz, and those of offcorpus.jsonl.gz."""
    for each in read_jsonl(folder / "questions.jsonl.gz"):
        if each["supported"]:
            answers, urls = tuple(each["answers"]), frozenset(each["supported_urls"])
            yield HeldOut(each["id"], each["question"], date.fromisoformat(each["date"]), answers, urls)
    for each in read_jsonl(folder / "offcorpus.jsonl.gz"):
        yield HeldOut(each["id"], each["question"], date.fromisoformat(each["date"]))


def held_out(questions: Path, articles: Path) -> Iterator[tuple[WrittenQuestion, dict[str, Any]]]:
    """The written questions over articles from HELD_OUT_FROM on, each with its article."""
    kept = {each["url"]: each for each in read_jsonl(articles) if each["published"] >= HELD_OUT_FROM}
    for question in read_written(questions):
        if question.url in kept:
            yield question, kept[question.url]


def written(questions: Path, articles: Path) -> Iterator[HeldOut]:
    """Every so many of the held-out written questions, as the combination is fitted to them."""
    for number, (question, article) in enumerate(islice(held_out(questions, articles), 0, None, _EACH)):
        published = date.fromisoformat(article["published"])
        later = zlib.crc32(question.text.encode()) % _LATEST
        around = Filters(published - timedelta(_DAYS), published + timedelta(_DAYS))
        yield HeldOut(
            id=f"{WRITTEN}{number}",
            text=question.text,
            as_of=published + timedelta(later),
            answers=tuple(article["text"][start:end] for start, end in question.spans),
            filters=around if number % 2 else Filters(),
        )
