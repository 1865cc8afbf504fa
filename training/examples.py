"""What a reader is trained on: questions with passages in which the answers are marked.

One JSON object a line, gzipped or not::

    {"question": "Who led the delegation?",
     "passages": [{"title": "Talks resume", "text": "… led by Jennifer Daskal …", "answers": [[7, 22]]}]}

``answers`` are character offsets into ``text``; none means that the passage does not answer.
Passages of one question compete: one that answers should win over all that do not.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage put to the reader, with the spans that answer."""

    text: str
    title: str = ""
    answers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the passages that compete for it; one alone is plain reading."""

    question: str
    passages: tuple[Candidate, ...]


def read_examples(path: Path) -> Iterator[Example]:
    """The examples of a file.

    Raises:
        ValueError: a line is not of the documented form; says which.
    """
    for number, line in enumerate(_lines(path), 1):
        try:
            raw = json.loads(line)
            yield Example(raw["question"], tuple(_candidate(each) for each in raw["passages"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: not an example: {error!r}") from error


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Write the file whole or not at all; returns how many examples it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    count = 0
    with gzip.open(beside, "wt", encoding="utf-8", compresslevel=4) as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            count += 1
    beside.rename(path)
    return count


def _lines(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        yield from file


def _candidate(raw: dict[str, object]) -> Candidate:
    text = str(raw["text"])
    answers = tuple((int(start), int(end)) for start, end in raw.get("answers", ()))  # type: ignore[attr-defined]
    if any(not 0 <= start < end <= len(text) for start, end in answers):
        raise ValueError("an answer lies outside its text")
    return Candidate(text, str(raw.get("title", "")), answers)
