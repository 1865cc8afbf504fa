"""``pullquote eval`` as a user runs it, with the real models."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES, ROOT, lines, run

pytestmark = pytest.mark.model

QUESTIONS = ROOT / "examples" / "questions.jsonl"


def write(file: Path, *objects: dict[str, object]) -> Path:
    file.write_text(lines(map(json.dumps, objects)))
    return file


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write(
        tmp_path / "questions.jsonl",
        {"question": "When did the bridge open?", "answers": ["Tuesday"], "article": "bridge.txt"},
        {"question": "Why did the harbour close?", "answers": ["the storm"], "article": "harbour.txt"},
        {"id": "gone", "question": "Who sang?", "answers": ["Ann"], "articles": ["elsewhere.txt"]},
        {"question": "Who paid for the bridge?", "answerable": False},
        {"question": "Unknown?", "answers": ["x"], "supported": False},
    )


@pytest.fixture
def index(examples: Path, tmp_path: Path) -> Path:
    """A copy of the index of the sample articles: nothing is left to embed."""
    return Path(shutil.copytree(examples, tmp_path / "index"))


def test_figures_come_as_json_and_as_a_report_and_no_index_is_left(
    data: Path, articles: Path, questions: Path, tmp_path: Path
) -> None:
    off = write(tmp_path / "off.jsonl", {"question": "Who won the cup?", "answers": ["Ashmere"]})
    report = tmp_path / "report"
    result = run(
        "pullquote", "--data-dir", data, "eval", articles, questions, "--offcorpus", off,
        "--json", "--report", report, "--min-confidence", "0.999999",
    )  # fmt: skip
    assert result.status == 0, result.err
    found = json.loads(result.out)
    assert (found["articles"], found["threshold"]) == (3, 0.999999)
    assert found["questions"] == {
        "answerable": 3, "unanswerable": 1, "off-corpus": 1, "unsupported": 0, "rejected": 0
    }  # fmt: skip
    measures = {name: each["value"] for name, each in found["measures"].items()}
    assert measures["passage_at_1"] == pytest.approx(2 / 3, abs=1e-3)
    assert measures["right"] >= measures["exact"] > 0
    assert measures["answered"] == measures["false_unanswerable"] == measures["false_off_corpus"] == 0
    assert 0 < measures["ms_p50"] <= measures["ms_p95"] <= measures["ms_max"]
    assert {"gone"} == {each["id"] for each in found["misses"] if each["cause"] == "not retrieved"}
    assert "note: 1 question names only articles that are not here: gone (elsewhere.txt)" in result.err
    assert 'their "supported" is false: 1 questions' in result.err
    assert json.loads((report / "eval.json").read_text()) == found
    assert "- **Who sang?** (gone)" in (report / "report.md").read_text()
    assert [each.name for each in data.iterdir()] == ["models"]


def test_an_index_that_is_kept_is_quick_the_next_time(examples: Path, index: Path, tmp_path: Path) -> None:
    asked: dict[str, object] = {"question": "who led the US delegation?", "answers": ["Jennifer Daskal"]}
    questions = write(tmp_path / "q.jsonl", *[asked] * 30)
    result = run("pullquote", "--data-dir", tmp_path, "eval", EXAMPLES, questions, "--index", index)
    assert result.status == 0, result.err
    assert "0 added, 0 updated, 12 unchanged" in result.err
    assert "loading" not in result.err
    assert result.out.startswith("12 articles, ")
    assert "the first is right                   1.000   1.000–1.000       30" in result.out


def test_stopped_it_writes_nothing(index: Path, tmp_path: Path) -> None:
    report = tmp_path / "report"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "eval", EXAMPLES, QUESTIONS, "--index", index, "--report", report],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith("asking"):
        assert line, "it ended before it asked"
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "stopping; nothing is written" in err
    assert time.monotonic() - started < 20
    assert not report.exists()


def test_errors_name_the_file_and_the_line_and_come_before_any_work(
    data: Path, articles: Path, questions: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"question": "Who?", "answers": ["Ann"]}\n{"question": "When?", "anwsers": ["now"]}\n')
    unknown = write(tmp_path / "unknown.jsonl", {"question": "?", "answers": ["x"], "supported": False})
    for arguments, problem in (
        ([articles, bad], f'error: {bad}:2: has neither "answers" nor "answerable": false'),
        (
            [articles, questions, "--offcorpus", tmp_path / "no.jsonl"],
            "no.jsonl: cannot be read: No such file",
        ),
        ([articles, unknown], "has no questions but such"),
        ([tmp_path / "nowhere", questions], f"error: {tmp_path / 'nowhere'}: does not exist"),
        ([articles, questions, "--min-confidence", "nan"], "must be a number from 0 to 1"),
        ([articles, questions, "--report", bad], "is a file"),
        ([questions], "Missing argument"),
    ):
        result = run("pullquote", "--data-dir", data, "eval", *arguments)
        assert (result.status, result.out) == (2, "")
        assert problem in result.err
        assert "loading" not in result.err


def test_articles_that_cannot_be_read_are_an_error(data: Path, questions: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("pullquote", "--data-dir", data, "eval", tmp_path / "empty", questions)
    assert (result.status, result.out) == (2, "")
    assert "the articles: none could be read" in result.err
