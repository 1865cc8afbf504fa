"""Questions with their labels, and what counts as right: ../shared/README.md defines both."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_ARTICLES_A_AN_THE = re.compile(r"\b(a|an|the)\b")
_NOT_WORD = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question, the strings accepted as its answer, and the articles that support it."""

    id: str
    text: str
    date: str
    answers: tuple[str, ...]
    supported_urls: frozenset[str]
    supported: bool

    def is_right(self, url: str | None, passage: str) -> bool:
        """Whether a passage answers: its article supports the question and it holds an accepted answer."""
        return url in self.supported_urls and any(contains(passage, answer) for answer in self.answers)


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a .jsonl.gz file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def read_questions(path: Path) -> list[LabelledQuestion]:
    """All questions of a file, supported or not."""
    return [
        LabelledQuestion(
            id=str(each["id"]),
            text=str(each["question"]),
            date=str(each["date"]),
            answers=tuple(each["answers"]),  # type: ignore[arg-type]
            supported_urls=frozenset(each["supported_urls"]),  # type: ignore[call-overload]
            supported=bool(each["supported"]),
        )
        for each in read_lines(path)
    ]


def normalised(text: str) -> str:
    """Lower case, no punctuation, no articles, single blanks (SQuAD's, Rajpurkar et al. 2016)."""
    return " ".join(_ARTICLES_A_AN_THE.sub(" ", _NOT_WORD.sub("", text.lower())).split())


def contains(text: str, answer: str) -> bool:
    """Whether the words of ``answer`` stand in ``text``, whole."""
    return f" {normalised(answer)} " in f" {normalised(text)} "


CUTOFFS = (1, 3, 5, 10, 50)


def success(ranks: Sequence[int | None]) -> dict[str, float]:
    """success@k for each cut-off, and MRR, from the rank (from 1) of the first right passage of each question."""
    count = len(ranks)
    table = {f"@{k}": sum(rank is not None and rank <= k for rank in ranks) / count for k in CUTOFFS}
    table["MRR"] = sum(1 / rank for rank in ranks if rank) / count
    return table
