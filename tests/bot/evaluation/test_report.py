import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.evaluation import pictures
from bot.evaluation.cases import Case, Group
from bot.evaluation.measures import Evaluation
from bot.evaluation.report import table, to_json, write_report
from bot.evaluation.running import Quote, Reply, judged

FILES = {"report.md", "eval.json", "risk-coverage.svg", "reliability.svg"}


def evaluation() -> Evaluation:
    said = [
        (Case("1", "Who?", answers=("Ann Lee",), kind="who"), Reply("Ann Lee", 0.9, (Quote("Ann Lee"),))),
        (Case("2", "When?", answers=("Monday",), kind="when"), Reply("<b>*noon*</b>\n# x", 0.7)),
        (Case("3", "What?", Group.UNANSWERABLE), Reply("a moon", 0.6)),
        (Case("4", "Which?", Group.OFF_CORPUS), Reply("a sun", 0.1)),
    ]
    outcomes = [judged(case, reply, milliseconds=250.0) for case, reply in said]
    return Evaluation(outcomes, 0.5, {"articles": 1200, "passages": 3400})


def test_the_table_shows_each_figure_with_its_interval_and_count() -> None:
    lines = table(evaluation()).splitlines()
    assert lines[0] == (
        "1,200 articles, 3,400 passages; questions: 2 answerable, 1 unanswerable, 1 off-corpus"
    )
    figures = {line[:37].strip(): line[37:].split() for line in lines[3:] if line.startswith("  ")}
    assert figures["exact match"] == ["0.500", "0.000–1.000", "2"]
    assert figures["unanswerable ones answered"] == ["1.000", "1.000–1.000", "1"]
    assert figures["off-corpus ones answered"] == ["0.000", "0.000–0.000", "1"]
    assert figures["slowest"] == ["250", "4"]  # a maximum has no interval
    assert "resolved to the right day" not in figures  # there is nothing to measure
    assert "answers at confidence 0.5 and above" in lines
    assert lines[-2:] == ["    1  not retrieved", "    1  answered, although the articles do not say"]


def test_rejected_answers_are_told_as_so_many_of_so_many() -> None:
    again = judged(Case("5", "Who?", Group.REJECTED, rejected=("Bo",)), Reply("Bo", 0.9), 250.0)
    other = judged(Case("6", "Who?", Group.REJECTED, rejected=("Bo",)), Reply("Di", 0.9), 250.0)
    found = table(Evaluation([again, other], 0.5))
    assert found.startswith("questions: 2 rejected\n")
    row = next(line for line in found.splitlines() if "rejected answers still given" in line)
    assert row.split()[-3:] == ["0.500", "0.000–1.000", "2"]
    assert found.splitlines()[-1] == "    1  rejected, but still given"


def test_the_json_holds_curves_kinds_and_misses_and_no_nan() -> None:
    found = json.loads(json.dumps(to_json(evaluation()), allow_nan=False))
    assert found["measures"]["dated"] == {"value": None, "low": None, "high": None, "count": 0}
    assert found["kinds"]["who"]["answered_right"]["value"] == 1
    assert [each["coverage"] for each in found["risk_coverage"]] == [0.25, 0.5, 0.75, 1]
    assert [(each["id"], each["cause"]) for each in found["misses"]] == [
        ("2", "not retrieved"),
        ("3", "answered, although the articles do not say"),
    ]


def test_a_report_has_all_files_and_is_the_same_each_time(tmp_path: Path) -> None:
    for folder in (tmp_path / "a" / "b", tmp_path / "c"):
        write_report(evaluation(), folder)
        assert {each.name for each in folder.iterdir()} == FILES
    for name in FILES:
        assert (tmp_path / "a" / "b" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()
    for name in FILES:
        if name.endswith(".svg"):
            assert ElementTree.parse(tmp_path / "c" / name).getroot().tag.endswith("svg")


def test_what_went_wrong_is_listed_by_cause_and_nobodys_words_become_markup(tmp_path: Path) -> None:
    write_report(evaluation(), tmp_path)
    text = (tmp_path / "report.md").read_text()
    wrong = text.partition("## What went wrong")[2]
    assert [line for line in wrong.splitlines() if line.startswith("#")] == [
        "### Not retrieved: 1",
        "### Answered, although the articles do not say: 1",
    ]
    assert r"said, 0.70 sure: &lt;b>\*noon\*&lt;/b> \# x" in wrong
    assert "| when | 0.000 |" in text


def test_a_report_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(evaluation(), tmp_path)
    before = {each: each.read_bytes() for each in tmp_path.iterdir()}

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    other = Evaluation(evaluation().outcomes[:1], 0.9)
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "reliability", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_report(other, tmp_path)
        with pytest.raises(KeyboardInterrupt):
            write_report(other, tmp_path / "new")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            write_report(other, tmp_path)
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_pictures_can_be_drawn_of_nothing() -> None:
    nothing = Evaluation([], 0.5)
    assert pictures.risk_coverage(nothing.curve, 0.5).startswith(b"<?xml")
    assert pictures.reliability(nothing.bins, nothing.measures["ece"].value).startswith(b"<?xml")
