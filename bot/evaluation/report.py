"""An evaluation as a table for a terminal, as JSON, and as a report with pictures."""

import json
import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluation import pictures
from bot.evaluation.cases import Group
from bot.evaluation.measures import Evaluation
from bot.evaluation.metrics import Estimate, Operating, estimate, mean
from bot.evaluation.running import Cause, Outcome
from bot.terminal import plain

# Measures by section: name in the JSON, and what people read.
_SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "passages quoted",
        (
            ("passage_at_1", "the first is right"),
            ("passage_at_3", "one of the first 3 is"),
            ("passage_at_5", "one of the first 5 is"),
        ),
    ),
    (
        "answers, if it always answered",
        (
            ("exact", "exact match"),
            ("f1", "F1"),
            ("contains", "contain an accepted answer"),
            ("right", "right"),
            ("dated", "resolved to the right day"),
        ),
    ),
    (
        "answers at confidence {threshold:g} and above",
        (
            ("answered", "answered"),
            ("answered_right", "answered, and right"),
            ("precision", "right, of those answered"),
            ("precision_exact", "exact, of those answered"),
            ("precision_all", "right, of all that it answered"),
            ("false_unanswerable", "unanswerable ones answered"),
            ("false_off_corpus", "off-corpus ones answered"),
            ("rejected_given", "rejected answers still given"),
        ),
    ),
    (
        "confidence",
        (
            ("auroc", "AUROC, right against unanswerable"),
            ("auroc_all", "AUROC, right against all others"),
            ("aurc", "area under risk-coverage ↓"),
            ("aurc_answerable", "  the same, answerable only ↓"),
            ("ece", "calibration error ↓"),
            ("ece_answerable", "  the same, answerable only ↓"),
        ),
    ),
    (
        "milliseconds a question",
        (("ms_p50", "median"), ("ms_p95", "95 of 100 take at most"), ("ms_max", "slowest")),
    ),
)
_DEFINITIONS = """\
- A *passage* is right when it holds an accepted answer as whole words and, where the question names
  articles, is of one of them.
- *Exact match* and *F1* are SQuAD's: without case, punctuation and articles, the best of the accepted
  answers.
- An answer is *right* when it is an exact match, or contains an accepted answer as whole words, or is a
  run of whole words of one, with half of its words and all of its figures. An answer to a question
  without one is never right. Precision, AUROC, risk and calibration are about this.
- *Resolved to the right day* is the date beside the first passage ("Tuesday" → 2024-01-30), where the
  question gives `resolved_date`.
- *Right, of all that it answered* counts unanswerable and off-corpus questions too, and so depends on how
  many there are. The same holds for risk-coverage and calibration, unless of answerable questions only.
- A *rejected answer* is one that people have called wrong; it is still given when the very words are, and
  where the question names articles, from one of these. Whether another answer is right is not known.
- *AUROC* is the chance that a right answer has more confidence than the answer to a question without one.
- *Calibration error* is over 10 bins of equal mass, as in the picture. For few questions it is too high.
- Intervals are 95 %, percentile bootstrap, 2,000 resamples of the questions. They are too narrow for a
  handful of questions, and where all are alike."""
_LISTED = 50  # misses by cause; eval.json has them all


def rows(evaluation: Evaluation) -> Iterator[tuple[str, list[tuple[str, Estimate]]]]:
    """The sections of the table with those measures that there are questions for."""
    for title, measures in _SECTIONS:
        found = [(label, evaluation.measures[name]) for name, label in measures]
        if found := [(label, each) for label, each in found if each.count]:
            yield title.format(threshold=evaluation.threshold), found


def heading(evaluation: Evaluation) -> str:
    """What was asked of what, in a line."""
    facts = [f"{count:,} {name}" for name, count in evaluation.facts.items()]
    asked = [f"{evaluation.counts[group]:,} {group}" for group in Group if evaluation.counts[group]]
    return f"{', '.join(facts)}; questions: {', '.join(asked)}" if facts else f"questions: {', '.join(asked)}"


def table(evaluation: Evaluation) -> str:
    """The figures, aligned."""
    lines = [heading(evaluation), "", f"{'':37}{'':>7}  {'95 % interval':^13}  {'of':>6}"]
    for title, found in rows(evaluation):
        lines.append(title)
        for label, each in found:
            value, interval = _shown(each)
            lines.append(f"  {label:35}{value:>7}  {interval:^13}  {each.count:>6,}".rstrip())
        lines.append("")
    lines += [f"{len(found):>5,}  {cause}" for cause, found in evaluation.misses.items() if found]
    return "\n".join(lines).rstrip()


def _shown(each: Estimate) -> tuple[str, str]:
    return _number(each.value), "" if math.isnan(each.low) else f"{_number(each.low)}–{_number(each.high)}"


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """All figures, curves and misses as one object."""
    return {
        **evaluation.facts,
        "questions": {group.value: evaluation.counts[group] for group in Group},
        "threshold": evaluation.threshold,
        "measures": {name: _estimate_json(each) for name, each in evaluation.measures.items()},
        "kinds": {
            kind: {"right": _estimate_json(right), "answered_right": _estimate_json(answered)}
            for kind, right, answered in _by_kind(evaluation)
        },
        "risk_coverage": [
            {"threshold": _round(e.threshold), "coverage": _round(e.coverage), "risk": _round(e.risk)}
            for e in evaluation.curve
        ],
        "reliability": [
            {"count": each.count, "confidence": _round(each.confidence), "right": _round(each.right)}
            for each in evaluation.bins
        ],
        "misses": [
            _miss_json(cause, outcome) for cause, found in evaluation.misses.items() for outcome in found
        ],
    }


def _estimate_json(each: Estimate) -> dict[str, float | int | None]:
    return {
        "value": _round(each.value),
        "low": _round(each.low),
        "high": _round(each.high),
        "count": each.count,
    }


def _round(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _miss_json(cause: Cause, outcome: Outcome) -> dict[str, object]:
    quote = outcome.reply.quotes[0] if outcome.reply.quotes else None
    return {
        "id": outcome.case.id,
        "question": outcome.case.question,
        "cause": cause.value,
        "answer": outcome.reply.text,
        "accepted": list(outcome.case.answers),
        "confidence": _round(outcome.reply.confidence),
        "rank": outcome.rank,
        "from": quote and (quote.url or quote.path),
    }


def _by_kind(evaluation: Evaluation) -> Iterator[tuple[str, Estimate, Estimate]]:
    """For each kind the share that is right, and that is answered and right."""
    for kind, found in evaluation.kinds.items():
        answered = [float(each.is_rightly_answered(evaluation.threshold)) for each in found]
        yield kind, estimate(mean, [float(each.right) for each in found]), estimate(mean, answered)


def markdown(evaluation: Evaluation) -> str:
    """The report in Markdown; its pictures lie beside it."""
    return "\n".join(_markdown(evaluation)) + "\n"


def _markdown(evaluation: Evaluation) -> Iterator[str]:
    yield from ("# Evaluation", "", heading(evaluation) + ".", "")
    for title, found in rows(evaluation):
        yield from (f"| {title} | | 95 % interval | of |", "| --- | ---: | :---: | ---: |")
        for label, each in found:
            value, interval = _shown(each)
            yield f"| {label.strip()} | {value} | {interval} | {each.count:,} |"
        yield ""
    yield from ("![Risk and coverage](risk-coverage.svg) ![Reliability](reliability.svg)", "")
    yield from ("| answered | at confidence | wrong |", "| ---: | ---: | ---: |")
    for point in _tenths(evaluation.curve):
        yield f"| {point.coverage:.0%} | {point.threshold:.3f} | {point.risk:.3f} |"
    yield from ("", "| questions | mean confidence | right |", "| ---: | ---: | ---: |")
    yield from (f"| {each.count:,} | {each.confidence:.3f} | {each.right:.3f} |" for each in evaluation.bins)
    if evaluation.kinds:
        yield from ("", "| kind | right | 95 % interval | answered, and right | 95 % interval | of |")
        yield "| --- | ---: | :---: | ---: | :---: | ---: |"
        for kind, *estimates in _by_kind(evaluation):
            cells = [cell for each in estimates for cell in _shown(each)]
            yield f"| {_escaped(kind)} | {' | '.join(cells)} | {estimates[0].count:,} |"
    yield from ("", "## What the figures mean", "", _DEFINITIONS, "", "## What went wrong", "")
    for cause, missed in evaluation.misses.items():
        if missed:
            yield from (f"### {cause[0].upper()}{cause[1:]}: {len(missed):,}", "")
            yield from map(_miss, missed[:_LISTED])
            if len(missed) > _LISTED:
                yield f"- … and {len(missed) - _LISTED:,} more, in eval.json"
            yield ""


def _tenths(curve: Sequence[Operating]) -> Iterator[Operating]:
    """The points of the curve nearest to each tenth of coverage, from above."""
    seen = None
    for tenth in range(1, 11):
        point = next((each for each in curve if each.coverage >= tenth / 10 - 1e-9), None)
        if point is not None and point is not seen:
            seen = point
            yield point


def _miss(outcome: Outcome) -> str:
    case, reply = outcome.case, outcome.reply
    parts = [f"- **{_escaped(case.question)}** ({_escaped(case.id)})"]
    if case.answers:
        parts.append(f"accepted: {' / '.join(map(_escaped, case.answers[:3]))}")
    parts.append(f"said, {reply.confidence:.2f} sure: {_escaped(reply.text or 'nothing')}")
    return "<br>".join(parts)


def _escaped(text: str) -> str:
    """Anyone's words, on one line, with nothing in them that Markdown or HTML would obey."""
    line = " ".join(plain(text).split())
    line = line if len(line) <= 300 else line[:299] + "…"
    line = line.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|~#!@])", r"\\\1", line)


def write_report(evaluation: Evaluation, folder: Path) -> None:
    """Write report.md, eval.json and the pictures; each file is there whole or not at all.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    data = json.dumps(to_json(evaluation), ensure_ascii=False, indent=1)
    files: Mapping[str, bytes] = {
        "risk-coverage.svg": pictures.risk_coverage(evaluation.curve, evaluation.threshold),
        "reliability.svg": pictures.reliability(evaluation.bins, evaluation.measures["ece"].value),
        "eval.json": (data + "\n").encode(),
        "report.md": markdown(evaluation).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as beside:
        for name, content in files.items():
            (Path(beside) / name).write_bytes(content)
        for name in files:
            (Path(beside) / name).replace(folder / name)
