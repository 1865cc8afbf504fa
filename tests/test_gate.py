"""The answers over the sample articles are no worse than they have been."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.evaluation.metrics import Estimate
from tests import gate


@pytest.fixture
def pinned() -> dict[str, object]:
    found: dict[str, object] = json.loads(gate.PINNED.read_text())
    return found


@pytest.mark.model
def test_the_sample_questions_are_answered_no_worse_than_pinned(
    pinned: Mapping[str, object], examples: Path
) -> None:
    problems = gate.changed(pinned)
    assert not problems, "\n".join(problems)
    problems = gate.worse(gate.measured(examples).measures, pinned)
    assert not problems, "\n".join([*problems, f"if it must be: {gate.PIN} --lower"])


def measures(right: int, dated: int = 9, false: int = 3) -> dict[str, Estimate]:
    counts = {
        "answered_right": (right, 100),
        "right": (90, 100),
        "dated": (dated, 15),
        "false_unanswerable": (false, 40),
    }
    return {name: Estimate(hits / of, 0, 1, of) for name, (hits, of) in counts.items()}


def test_what_falls_below_a_floor_is_told_and_two_questions_are_to_spare(tmp_path: Path) -> None:
    file = tmp_path / "gate.json"
    assert gate.pin(measures(70), file) == []
    pinned = json.loads(file.read_text())
    assert pinned["at_least"] == {"answered_right": 0.68, "right": 0.88, "dated": 0.466}
    assert pinned["at_most"] == {"false_unanswerable": 0.125}
    assert gate.worse(measures(68, dated=7, false=5), pinned) == []
    below, dates, false = gate.worse(measures(67, dated=6, false=6), pinned)
    assert below.startswith("0.670 of the answerable questions are answered rightly")
    assert dates.startswith("0.400 of the dates")
    assert false.startswith("0.150 of the unanswerable questions are answered")


def test_a_floor_rises_when_pinned_and_falls_only_if_told_to(tmp_path: Path) -> None:
    file = tmp_path / "gate.json"
    gate.pin(measures(70), file)
    assert gate.pin(measures(75, false=2), file) == []
    raised = file.read_text()
    assert gate.pin(measures(80, false=3), file) == ["false_unanswerable: 0.125 instead of 0.1"]
    assert gate.pin(measures(70, false=2), file) == ["answered_right: 0.68 instead of 0.73"]
    assert file.read_text() == raised
    assert gate.pin(measures(70), file, lower=True) == []
    assert json.loads(file.read_text())["at_least"]["answered_right"] == 0.68


def test_changed_data_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gate.json"
    gate.pin(measures(70), file)
    pinned = json.loads(file.read_text())
    assert gate.changed(pinned) == []
    (problem,) = gate.changed(pinned | {"articles_sha256": "0"})
    assert problem.startswith("examples/articles: not what the floors are of")
    assert gate.PIN in problem
