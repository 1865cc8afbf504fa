"""How good the answers are: Pullquote, its parts alone, and other tools, side by side in one run.

    python bench/answers.py DATA [--systems bm25,full] [--reader FOLDER] [--hugging-face FOLDER] [--json]

DATA has articles.jsonl.gz, questions.jsonl.gz and offcorpus.jsonl.gz. Asked are the questions that are
`supported`, each as of its date, and the off-corpus ones, which nothing answers. @1 and @5: the first
passage quoted, or one of the first five, is right: its article is in `supported_urls` and it contains
an accepted answer. EM, F1 (both SQuAD's) and "contains" are of the answer that a system gives if it
must; AUROC tells by its confidence the right answers from those to off-corpus questions; ms is the
median. Below each figure is its 95 % bootstrap interval over the questions.

All systems have the same passages and vectors and, where they read, the same reader: --reader has it
as Pullquote loads it (default: the one shipped), --hugging-face as other tools do (`python -m
training.export TRAINED --hugging-face FOLDER` writes it). bench/other_tools.py says how to install those.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from baselines import Bench, bm25_sentence, dense_sentence, pullquote, without_combination, without_reader
from corpus import data_dir_for, opened_index
from other_tools import OTHER_TOOLS, UnavailableError
from questions import LabelledQuestion, read_questions

from bot.evaluation.cases import Case, Group
from bot.evaluation.measures import CUTOFFS, Evaluation
from bot.evaluation.metrics import Estimate, estimate, mean
from bot.evaluation.running import Outcome, System, ask_all
from bot.progress import Progress
from index.config import Config
from index.errors import PullquoteError

FULL = "full"
SYSTEMS: Mapping[str, tuple[str, Callable[[Bench], System]]] = {
    "bm25": ("BM25, best sentence", bm25_sentence),
    "dense": ("dense, best sentence", dense_sentence),
    "none": ("fused, best sentence", without_reader),
    "margin": ("reader, best margin", without_combination),
    FULL: ("Pullquote", pullquote),
    **OTHER_TOOLS,
}
COLUMNS = {
    "passage_at_1": "@1",
    "passage_at_5": "@5",
    "exact": "EM",
    "f1": "F1",
    "contains": "contains",
    "auroc": "AUROC",
    "ms_p50": "ms",
}
# Of the full system alone: nobody else has a threshold.
AT_THRESHOLD = {
    "answered": "answered",
    "precision": "right, of those answered",
    "precision_exact": "exact, of those answered",
    "false_off_corpus": "off-corpus ones answered",
    "ece": "calibration error",
    "ece_answerable": "  the same, supported ones only",
}
PAIRED = ("passage_at_1", "exact", "f1")
PACKAGES = ("haystack-ai", "transformers-haystack", "txtai", "transformers", "sentence-transformers", "torch")


@dataclass(frozen=True, slots=True)
class Result:
    """What asking one system came to."""

    measures: Mapping[str, Estimate]
    # An entry for each supported question, in their order.
    columns: Mapping[str, list[float]]


def cases_of(data: Path) -> list[tuple[Case, LabelledQuestion]]:
    """The supported questions and the off-corpus ones, as the evaluation takes them."""
    supported = [each for each in read_questions(data / "questions.jsonl.gz") if each.supported]
    outside = read_questions(data / "offcorpus.jsonl.gz")
    return [
        (Case(each.id, each.text, group, each.answers, as_of=date.fromisoformat(each.date)), each)
        for group, questions in ((Group.ANSWERABLE, supported), (Group.OFF_CORPUS, outside))
        for each in questions
    ]


def result_of(outcomes: Sequence[Outcome], questions: Sequence[LabelledQuestion]) -> Result:
    """The figures of one system."""
    measures = dict(Evaluation(outcomes, Config().answer.min_confidence).measures)
    inside = [
        (outcome, [question.is_right(each.url, each.text) for each in outcome.reply.quotes])
        for outcome, question in zip(outcomes, questions, strict=True)
        if outcome.case.group is Group.ANSWERABLE
    ]
    columns = {f"passage_at_{k}": [float(any(right[:k])) for _, right in inside] for k in CUTOFFS}
    measures |= {name: estimate(mean, column) for name, column in columns.items()}
    columns["exact"] = [float(outcome.exact) for outcome, _ in inside]
    columns["f1"] = [outcome.f1 for outcome, _ in inside]
    return Result(measures, columns)


def asked(name: str, bench: Bench, data: Path) -> Result:
    """Set one system up and ask it everything.

    Raises:
        UnavailableError: what it needs is not installed, or the reader is missing.
        PullquoteError: Pullquote has no reader, or it cannot be used.
    """
    cases = cases_of(data)
    print(f"{name}: setting up", file=sys.stderr, flush=True)
    system = SYSTEMS[name][1](bench)
    with Progress(name, len(cases)) as progress:
        outcomes = ask_all(
            [case for case, _ in cases],
            system,
            lambda count: progress.update(count, f"{count:,} of {len(cases):,} questions"),
        )
    return result_of(outcomes, [question for _, question in cases])


def print_table(results: Mapping[str, Result | str], facts: str) -> None:
    """Two lines for each system: figures and their intervals."""
    print(f"\n{facts}\n{'':22}" + "".join(f"{title:>12}" for title in COLUMNS.values()))
    for name, result in results.items():
        if isinstance(result, str):
            print(f"{SYSTEMS[name][0]:22}  {result}")
            continue
        found = [result.measures[each] for each in COLUMNS]
        print(f"{SYSTEMS[name][0]:22}" + "".join(f"{_number(each.value):>12}" for each in found))
        print(f"{'':22}" + "".join(f"{_interval(each):>12}" for each in found))
    full = results.get(FULL)
    if not isinstance(full, Result):
        return
    print(f"\n{SYSTEMS[FULL][0]} at its default threshold, {Config().answer.min_confidence:g}")
    for name, title in AT_THRESHOLD.items():
        each = full.measures[name]
        print(f"  {title:32}{_number(each.value):>6}{_interval(each):>11}  of {each.count}")
    print(f"\n{SYSTEMS[FULL][0]} less the others, question by question")
    print(f"{'':22}" + "".join(f"{COLUMNS[each]:>12}" for each in PAIRED))
    for name, differences in paired(results).items():
        print(f"{SYSTEMS[name][0]:22}" + "".join(f"{each.value:>+12.3f}" for each in differences.values()))
        print(f"{'':22}" + "".join(f"{_interval(each):>12}" for each in differences.values()))


def paired(results: Mapping[str, Result | str]) -> dict[str, dict[str, Estimate]]:
    """By how much the full system exceeds each other, with the interval of that difference."""
    full = results.get(FULL)
    return {
        name: {
            each: estimate(
                mean, [a - b for a, b in zip(full.columns[each], result.columns[each], strict=True)]
            )
            for each in PAIRED
        }
        for name, result in results.items()
        if name != FULL and isinstance(full, Result) and isinstance(result, Result)
    }


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 10 else f"{value:.3f}"


def _interval(each: Estimate) -> str:
    if math.isnan(each.low):
        return ""
    return "–".join(
        f"{bound:,.0f}" if each.value >= 10 else f"{bound:.2f}" for bound in (each.low, each.high)
    )


def to_json(results: Mapping[str, Result | str]) -> dict[str, object]:
    """All figures, those that the table leaves out as well."""
    return {
        "versions": _versions(),
        "threshold": Config().answer.min_confidence,
        "systems": {
            name: {"unavailable": result} if isinstance(result, str) else _plain(result.measures)
            for name, result in results.items()
        },
        "full less the others": {name: _plain(each) for name, each in paired(results).items()},
    }


def _plain(measures: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    return {
        name: {key: None if math.isnan(value) else round(value, 4) for key, value in asdict(each).items()}
        for name, each in measures.items()
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def main() -> None:
    """Ask all systems and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="with commas; default: %(default)s")
    parser.add_argument("--reader", type=Path, help="folder with model.onnx, tokenizer.json, reader.json")
    parser.add_argument("--hugging-face", type=Path, help="folder with the same reader for other tools")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    data: Path = arguments.data
    chosen: list[str] = arguments.systems.split(",")
    if unknown := set(chosen) - SYSTEMS.keys():
        parser.error(f"unknown systems: {', '.join(unknown)}; known: {', '.join(SYSTEMS)}")
    results: dict[str, Result | str] = {}
    with redirect_stdout(sys.stderr), opened_index(data) as (store, searcher):
        bench = Bench(data_dir_for(data), store, searcher, arguments.reader, arguments.hugging_face)
        for name in chosen:
            try:
                results[name] = asked(name, bench, data)
            except (UnavailableError, PullquoteError) as error:
                results[name] = str(error)
        counts = store.counts()
    if arguments.json:
        print(json.dumps(to_json(results), ensure_ascii=False, indent=1))
        return
    groups = [case.group for case, _ in cases_of(data)]
    print_table(
        results,
        f"{counts['articles']:,} articles, {counts['passages']:,} passages;"
        f" {groups.count(Group.ANSWERABLE)} supported questions, {groups.count(Group.OFF_CORPUS)} off-corpus",
    )


if __name__ == "__main__":
    main()
