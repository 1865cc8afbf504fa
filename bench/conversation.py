"""What a follow-up gains from the question before it: carried words, preferred articles, both.

    python bench/conversation.py [--among ARTICLES] [--choose]

Asks the dialogues of examples/dialogues.jsonl over examples/articles, and over ARTICLES (a file or
folder) as well if given: the more there is to find, the less a bare "why?" finds. Even lines are for
choosing the rule, odd lines for reporting. Right: an accepted answer, given at the default threshold, or
none where the articles do not say. "false": answers that are neither. --choose prints what else was
tried, on the even lines.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from bot import conversation
from bot.conversation import Turn, follow_up, turn
from bot.evaluation.matching import is_right
from bot.ingesting import run_ingest
from index import combination
from index.answer import Question
from index.config import Config
from index.engine import Engine

EXAMPLES = Path(__file__).parents[1] / "examples"

Rule: TypeAlias = Callable[[Question, Turn], Question]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Two questions, and the strings accepted as an answer to the second; none if there is no answer."""

    kind: str
    first: str
    second: str
    asked_on: date
    answers: tuple[str, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    """All dialogues of a file."""
    with path.open(encoding="utf-8") as file:
        return [
            Dialogue(
                each["kind"],
                each["first"],
                each["second"],
                date.fromisoformat(each["date"]),
                tuple(each["answers"]),
            )
            for each in map(json.loads, file)
        ]


RULES: dict[str, Rule] = {
    "no rule": lambda asked, last: asked,
    "carry words": lambda asked, last: replace(asked, text=follow_up(asked, last).text),
    "prefer article": lambda asked, last: replace(asked, prefer=follow_up(asked, last).prefer),
    "both": follow_up,
    "both, prefer all": lambda asked, last: replace(follow_up(asked, last), prefer=frozenset(last.cited)),
    "without the answer": lambda asked, last: follow_up(asked, replace(last, answer=None)),
}


def report(engine: Engine, name: str, rule: Rule, dialogues: Sequence[tuple[Dialogue, Turn]]) -> None:
    """Print what is right under a rule: all, and of each kind."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    false = 0
    for dialogue, last in dialogues:
        answer = engine.answer(rule(Question(dialogue.second, as_of=dialogue.asked_on), last))
        good = is_right(answer.text, dialogue.answers) if dialogue.answers else not answer.answered
        right[dialogue.kind] += good
        total[dialogue.kind] += 1
        false += answer.answered and not good
    kinds = "  ".join(f"{kind} {right[kind]}/{count}" for kind, count in total.items())
    print(f"{name:<20}{right.total():>4}/{total.total()}  false {false:<4}{kinds}", flush=True)


@contextmanager
def patched(module: Any, name: str, value: object) -> Iterator[None]:
    """A constant with another value. It is no option of the program: nobody has a reason to change it."""
    before = vars(module)[name]
    vars(module)[name] = value
    try:
        yield
    finally:
        vars(module)[name] = before


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--among", metavar="ARTICLES", help="articles to find the sample articles among")
    parser.add_argument("--choose", action="store_true", help="print what else was tried")
    given = parser.parse_args()
    sources = [str(EXAMPLES / "articles"), *([given.among] if given.among else [])]
    with tempfile.TemporaryDirectory() as folder:
        config = replace(Config(), data_dir=Path(folder))
        if run_ingest(config, sources) != 0:
            sys.exit(2)
        with Engine(config) as engine:
            asked = [
                (each, turn(engine.answer(Question(each.first, as_of=each.asked_on))))
                for each in read_dialogues(EXAMPLES / "dialogues.jsonl")
            ]
            choosing, reporting = asked[1::2], asked[0::2]
            for half, dialogues in (("choosing", choosing), ("reporting", reporting)):
                print(f"\n{half}")
                for name in ("no rule", "carry words", "prefer article", "both"):
                    report(engine, name, RULES[name], dialogues)
            if given.choose:
                print("\nwhat else was tried, on the choosing half")
                for name in ("both, prefer all", "without the answer"):
                    report(engine, name, RULES[name], choosing)
                for worth in (1.0, 2.0, 4.0, 6.0):
                    with patched(combination, "PREFERRED", worth), Engine(config) as other:
                        report(other, f"preferred {worth:g}", follow_up, choosing)
                for words in (4, 6, 8, 20):
                    with patched(conversation, "CARRIED", words):
                        report(engine, f"{words} words carried", follow_up, choosing)


if __name__ == "__main__":
    main()
