"""Readers of the data sets that our model was trained on."""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from training.examples import Candidate, Example

# Penn Treebank's spelling of brackets and quotes.
_PENN = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"',
}  # fmt: skip
_NO_SPACE_BEFORE = re.compile(r"^(?:[.,;:!?%)\]}]|n't|'(?:s|S|re|ve|ll|d|m)?|\.\.\.)$")
_NO_SPACE_AFTER = frozenset("([{$£€#")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl.gz file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def detokenised(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Treebank tokens as running text, and where in it each token stands."""
    text, spans, glue, quoted = "", [], True, False
    for token in tokens:
        word = _PENN.get(token, token)
        closes = word == '"' and quoted
        if text and not (glue or closes or _NO_SPACE_BEFORE.match(word)):
            text += " "
        spans.append((len(text), len(text) + len(word)))
        text += word
        opens = word == '"' and not quoted
        quoted = quoted ^ (word == '"')
        glue = word in _NO_SPACE_AFTER or opens
    return text, spans


def qamr(folder: Path, random: Random, unanswerable: float = 0.25) -> Iterator[Example]:
    """QAMR's questions, each with its sentence among others of the same document.

    A share of the questions is put to the other sentences alone, which do not answer.
    """
    sentences = {
        each["id"]: detokenised(each["tokens"]) for each in read_jsonl(folder / "sentences.jsonl.gz")
    }
    siblings: dict[str, list[str]] = defaultdict(list)
    for id_ in sentences:
        siblings[id_.rsplit(":", 2)[0]].append(id_)
    everything = list(sentences)
    for each in read_jsonl(folder / "questions.jsonl.gz"):
        tokens = _agreed(each["answer_tokens"])
        text, spans = sentences[each["sentence"]]
        others = [id_ for id_ in siblings[each["sentence"].rsplit(":", 2)[0]] if id_ != each["sentence"]]
        random.shuffle(others)
        others = (others + random.sample(everything, 4))[: random.choice((0, 1, 2, 3, 4))]
        around = [sentences[id_][0] for id_ in others if id_ != each["sentence"]]
        if tokens is None:
            continue
        start, end = spans[tokens[0]][0], spans[tokens[-1]][1]
        if random.random() < unanswerable:
            answer = text[start:end].casefold()
            kept = [other for other in around if answer not in other.casefold()]
            if kept:
                yield Example(each["question"], (Candidate(" ".join(kept)),))
                continue
        before = random.randint(0, len(around))
        opening = "".join(other + " " for other in around[:before])
        closing = "".join(" " + other for other in around[before:])
        marked = ((start + len(opening), end + len(opening)),)
        yield Example(each["question"], (Candidate(opening + text + closing, answers=marked),))


def _agreed(answers: Sequence[Sequence[int]]) -> Sequence[int] | None:
    """The unbroken run of tokens that most annotators marked; of several the longest."""
    runs = Counter(tuple(each) for each in answers if each and each[-1] - each[0] == len(each) - 1)
    return max(runs, key=lambda run: (runs[run], len(run)), default=None)


def fairytales(path: Path) -> Iterator[Example]:
    """FairytaleQA's questions on sections of stories; its line breaks are those of a narrow column."""
    for each in read_jsonl(path):
        text = re.sub(r"(?<!\n)\n(?!\n)", " ", each["context"])
        # A reader's window: what is far from the answer is left out.
        begin = 0 if each["end"] < 600 else text.rfind(". ", 0, max(each["start"] - 200, 0)) + 1
        cut = text[begin : begin + 900]
        if each["end"] - begin <= len(cut):
            yield Example(
                each["question"], (Candidate(cut, answers=((each["start"] - begin, each["end"] - begin),)),)
            )


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A quiz question about the news and what is known of its answer."""

    text: str
    date: str
    answers: tuple[str, ...]
    evidence: str
    gold: frozenset[str]
    supported: frozenset[str]


def news_questions(path: Path, before: str, since: str = "") -> list[NewsQuestion]:
    """The questions dated in [since, before) (ISO dates)."""
    return [
        NewsQuestion(
            each["question"],
            each["date"],
            tuple(each["answers"]),
            each["evidence"],
            frozenset(each["gold_urls"]),
            frozenset(each["supported_urls"]),
        )
        for each in read_jsonl(path)
        if since <= each["date"] < before
    ]


def occurrences(text: str, answers: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where any of the answers stands as whole words; of two at one place the longer."""
    found: dict[int, int] = {}
    for answer in answers:
        for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE):
            found[match.start()] = max(match.end(), found.get(match.start(), 0))
    spans, reach = [], -1
    for start in sorted(found):
        if found[start] > reach:
            spans.append((start, found[start]))
            reach = found[start]
    return tuple(spans)
