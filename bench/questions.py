"""Questions with their labels, and what counts as right."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


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
        return url in self.supported_urls and self.is_held_by(passage)

    def is_held_by(self, text: str) -> bool:
        """Whether a text holds an accepted answer, capitals aside."""
        return any(answer.casefold() in text.casefold() for answer in self.answers)


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


CUTOFFS = (1, 3, 5, 10, 50)


def success(ranks: Sequence[int | None]) -> dict[str, float]:
    """success@k and MRR, from the rank (from 1) of each question's first right passage."""
    count = len(ranks)
    table = {f"@{k}": sum(rank is not None and rank <= k for rank in ranks) / count for k in CUTOFFS}
    table["MRR"] = sum(1 / rank for rank in ranks if rank) / count
    return table
