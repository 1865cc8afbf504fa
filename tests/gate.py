"""The floors below which the answers over the sample articles must not fall: tests/gate.json.

    python tests/gate.py                  measure, and compare with the floors
    python tests/gate.py --pin            raise the floors to what is measured, and take in changed data
    python tests/gate.py --pin --lower    the same, and let floors fall

It asks examples/questions.jsonl of examples/articles with the default configuration, about a minute.
What each question came to: pullquote eval examples/articles examples/questions.jsonl --report FOLDER
"""
# ruff: noqa: E402

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a file, it would find tests/index where it looks for index

import click

from bot.evaluation.cases import Group, read_cases
from bot.evaluation.measures import Evaluation
from bot.evaluation.metrics import Estimate
from bot.evaluation.running import ask_all
from bot.evaluation.system import pullquote
from bot.ingesting import run_ingest
from index.config import Config
from index.engine import Engine

ARTICLES = ROOT / "examples" / "articles"
QUESTIONS = ROOT / "examples" / "questions.jsonl"
PINNED = ROOT / "tests" / "gate.json"
# Every so many questions: all of them would take a fifth of the suite's time.
EACH = 2
PIN = "python tests/gate.py --pin"
# What is pinned, as bot/evaluation/measures.py has it. "dated" is of the questions with a `resolved_date`.
FLOORS = {
    "answered_right": "of the answerable questions are answered rightly at the default threshold",
    "right": "of the answerable questions would be answered rightly without a threshold",
    "dated": "of the dates asked for are resolved to the right day",
}
CEILINGS = {"false_unanswerable": "of the unanswerable questions are answered at the default threshold"}
# Questions that may go wrong before it fails: another processor rounds otherwise.
SPARE = 2


def digests() -> dict[str, str]:
    """SHA-256 of the questions, and of the articles with their names."""
    articles = hashlib.sha256()
    for path in sorted(path for path in ARTICLES.rglob("*") if path.is_file()):
        data = path.read_bytes()
        articles.update(f"{path.relative_to(ARTICLES).as_posix()}\n{len(data)}\n".encode() + data)
    return {
        "questions_sha256": hashlib.sha256(QUESTIONS.read_bytes()).hexdigest(),
        "articles_sha256": articles.hexdigest(),
    }


def changed(pinned: Mapping[str, Any]) -> list[str]:
    """Which of the data is not what the floors are of, a line each."""
    return [
        f"examples/{'questions.jsonl' if name == 'questions_sha256' else 'articles'}: not what the floors are"
        f" of; if it is meant to have changed: {PIN}"
        for name, digest in digests().items()
        if pinned[name] != digest
    ]


def measured(data_dir: Path) -> Evaluation:
    """All sample questions asked of an index of the sample articles."""
    config = Config(data_dir=data_dir)
    with Engine(config) as engine:
        return Evaluation(
            ask_all(read_cases(QUESTIONS)[::EACH], pullquote(engine)), config.answer.min_confidence
        )


def bounds(measures: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    """The floors and ceilings that these measures allow, ``SPARE`` questions below or above them."""
    return {
        "at_least": {name: _floor(measures[name]) for name in FLOORS},
        "at_most": {name: _ceiling(measures[name]) for name in CEILINGS},
    }


def _floor(found: Estimate) -> float:
    hits = round(found.value * found.count) - SPARE
    return max(0, math.floor(1000 * hits / found.count) / 1000)


def _ceiling(found: Estimate) -> float:
    hits = round(found.value * found.count) + SPARE
    return min(1, math.ceil(1000 * hits / found.count) / 1000)


def worse(measures: Mapping[str, Estimate], pinned: Mapping[str, Any]) -> list[str]:
    """What is worse than pinned, a line each."""
    return [
        *(
            f"{measures[name].value:.3f} {meaning}; pinned is at least {pinned['at_least'][name]}"
            for name, meaning in FLOORS.items()
            if measures[name].value < pinned["at_least"][name]
        ),
        *(
            f"{measures[name].value:.3f} {meaning}; pinned is at most {pinned['at_most'][name]}"
            for name, meaning in CEILINGS.items()
            if measures[name].value > pinned["at_most"][name]
        ),
    ]


def lowered(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """Which bounds would be laxer than before, a line each."""
    return [
        f"{name}: {new[side][name]} instead of {bound}"
        for side, sign in (("at_least", 1), ("at_most", -1))
        for name, bound in old[side].items()
        if sign * new[side][name] < sign * bound
    ]


def pin(measures: Mapping[str, Estimate], file: Path, *, lower: bool = False) -> list[str]:
    """Write the floors, unless some would fall and are not meant to; returns which."""
    new = bounds(measures)
    falling = lowered(new, json.loads(file.read_text())) if file.exists() and not lower else []
    if not falling:
        file.write_text(json.dumps({**digests(), **new}, indent=2) + "\n")
    return falling


def table(evaluation: Evaluation) -> Iterator[str]:
    """The figures by kind, and those that are pinned."""
    yield f"{'':14}{'right':>6}{'answered, and right':>21}{'of':>6}   (threshold {evaluation.threshold:g})"
    for kind, found in (*evaluation.kinds.items(), ("all", evaluation.of(Group.ANSWERABLE))):
        answered = sum(each.is_rightly_answered(evaluation.threshold) for each in found)
        yield f"{kind:14}{sum(each.right for each in found):>6}{answered:>21}{len(found):>6}"
    yield ""
    for name, meaning in (FLOORS | CEILINGS).items():
        each = evaluation.measures[name]
        yield f"{each.value:.3f} ({round(each.value * each.count)} / {each.count}) {meaning}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare or pin; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pin", action="store_true", help="write tests/gate.json")
    parser.add_argument("--lower", action="store_true", help="let floors fall")
    options = parser.parse_args(arguments)
    if options.lower and not options.pin:
        parser.error("--lower goes with --pin")
    with TemporaryDirectory() as folder:
        with redirect_stdout(sys.stderr):
            if run_ingest(Config(data_dir=Path(folder)), [str(ARTICLES)]):
                return 2
        evaluation = measured(Path(folder))
    click.echo("\n".join(table(evaluation)))
    if options.pin:
        problems = pin(evaluation.measures, PINNED, lower=options.lower)
        outcome = "nothing is pinned; --lower lets floors fall" if problems else f"pinned in {PINNED}"
    elif not PINNED.exists():
        problems, outcome = [f"nothing is pinned yet: {PIN}"], ""
    else:
        pinned = json.loads(PINNED.read_text())
        problems = changed(pinned) + worse(evaluation.measures, pinned)
        outcome = "" if problems else "no worse than pinned"
    for line in filter(None, [*problems, outcome]):
        click.echo(line, err=bool(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
