"""``ask`` as a user runs it: its own process, the real model, the sample articles."""

import json
import os
import pty
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from index.writer import Writer
from tests.conftest import ROOT, lines, run, write_articles

pytestmark = pytest.mark.model
SCHEMA = json.loads((ROOT / "bot" / "answer.schema.json").read_text())


def answers(out: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in out.splitlines()]
    for each in found:
        jsonschema.validate(each, SCHEMA)
    return found


@pytest.mark.parametrize(
    ("question", "words"),
    [("who led the US delegation?", "Jennifer Daskal"), ("when was cooperation suspended?", "August 2022")],
)
def test_the_users_two_questions_are_answered_with_a_citation(
    examples: Path, question: str, words: str
) -> None:
    result = run("ask", "--data-dir", examples, question)
    assert (result.status, result.err) == (0, "")
    answer, _, rest = result.out.partition("\n\n")
    assert words in answer
    assert "Meridian Wire · Helen Marchbank · 30 January 2024" in rest
    assert "meridian-2024-01-30-fentanyl-talks.txt:" in rest
    assert "\x1b" not in result.out


def test_an_honest_no_has_status_1(examples: Path) -> None:
    result = run("ask", "--data-dir", examples, "who won the world cup?")
    assert result.status == 1
    assert result.out.startswith("The articles do not say.")
    assert "Nearest passages" in result.out


def test_one_word_found_again_is_no_answer(examples: Path) -> None:
    """ "won't" has the word "won" in it, for the index."""
    assert run("ask", "--data-dir", examples, "who won?").status == 1


def test_json_keeps_the_contract_and_its_offsets_are_the_articles(examples: Path) -> None:
    result = run(
        "ask",
        "--data-dir",
        examples,
        "-k",
        "2",
        "--json",
        "how",
        "many",
        "homes",
        "were",
        "without",
        "power?",
    )
    (answer,) = answers(result.out)
    assert answer["question"] == "how many homes were without power?"
    assert answer["answer"] == "140,000"
    first = answer["citations"][0]
    shown = run("pullquote", "--data-dir", examples, "show", first["article_id"], "--text").out[:-1]
    assert shown[first["start"] : first["end"]] == first["quote"]
    assert shown[first["answer_start"] : first["answer_end"]] == answer["answer"]
    assert len(answer["citations"]) == 2


def test_filters_hold_on_the_command_line(examples: Path) -> None:
    question = ("what will the toll on the Kestrel Bridge be?", "--json")
    (newest,) = answers(run("ask", "--data-dir", examples, *question, "--since", "2024-11").out)
    (older,) = answers(run("ask", "--data-dir", examples, *question, "--until", "2024-10-31").out)
    assert {each["published"] for each in newest["citations"]} == {"2024-11-12"}
    assert all(each["published"] < "2024-11" for each in older["citations"])
    (none,) = answers(run("ask", "--data-dir", examples, *question, "--publisher", "Nobody").out)
    assert none["reason"] == "no article passes the filters"
    (other,) = answers(
        run("ask", "--data-dir", examples, *question, "--publisher", "the pellworth examiner").out
    )
    assert {each["publisher"] for each in other["citations"]} == {"The Pellworth Examiner"}


def test_a_batch_answers_in_order_and_a_broken_line_gives_an_error_in_its_place(examples: Path) -> None:
    given = lines(
        [
            "who led the US delegation?",
            '{"id": 7, "question": "when was cooperation suspended?", "since": "2024-01"}',
            '{"id": "broken", "question": ',
            '{"id": "no question"}',
            "",
            '{"id": "day", "question": "when?", "since": "last week"}',
            '{"id": "odd", "question": "who \\ud800 won the world cup?", "as_of": "2024-02-01"}',
        ]
    )
    for result in (
        run("ask", "--data-dir", examples, "--batch", input=given),
        run("ask", "--data-dir", examples, "--batch", "-", input=given),
    ):
        found = answers(result.out)
        assert [each["id"] for each in found] == [None, 7, None, "no question", "day", "odd"]
        assert [each["answered"] for each in found] == [True, True, False, False, False, False]
        assert ["error" in each for each in found] == [False, False, True, True, True, False]
        assert "2024-01-29" in found[4]["error"]
        assert result.status == 2
        assert result.err == ""


@pytest.mark.parametrize(
    ("question", "status"), [("who led the US delegation?", 0), ("who won the world cup?", 1)]
)
def test_the_status_of_a_batch(examples: Path, tmp_path: Path, question: str, status: int) -> None:
    (tmp_path / "questions").write_text(f"{question}\nwho won the world cup?\n")
    assert run("ask", "--data-dir", examples, "--batch", tmp_path / "questions").status == status


def test_the_prompt_reads_questions_from_a_pipe(examples: Path) -> None:
    result = run(
        "ask", "--data-dir", examples, input="who led the US delegation?\n\nwhen was cooperation suspended?\n"
    )
    assert result.status == 0
    assert "Jennifer Daskal" in result.out
    assert "August 2022" in result.out


STRIKE = "Who will mediate in the Arden Valley bus strike?\n{}what was his profession?\n"


def test_the_prompt_takes_a_question_for_a_follow_up_until_told_to_forget(examples: Path) -> None:
    followed = run("ask", "--data-dir", examples, "--json", input=STRIKE.format(""))
    _, second = answers(followed.out.replace("\n\n", "\n"))
    assert second["question"].startswith("what was his profession? (Cornelius Abery ")
    assert "judge" in second["answer"]
    assert followed.err == ""
    forgotten = run("ask", "--data-dir", examples, "--json", input=STRIKE.format("/new\n"))
    _, second = answers(forgotten.out.replace("\n\n", "\n"))
    assert second["question"] == "what was his profession?"


def test_a_batch_does_not_converse(examples: Path) -> None:
    _, second = answers(run("ask", "--data-dir", examples, "--batch", input=STRIKE.format("")).out)
    assert second["question"] == "what was his profession?"


def test_explain_shows_the_stages(examples: Path) -> None:
    out = run("ask", "--data-dir", examples, "--explain", "when was cooperation suspended?").out
    assert "margin" in out
    assert "asked for at least" in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday", "q"], "write 2024-01-29"),
        (["--since", "2024-02-30", "q"], "write 2024-01-29"),
        (["--since", "2024-02", "--until", "2024-01", "q"], "later than"),
        (["--batch", "-", "--json", "q"], "--batch takes its questions"),
        (["--explain", "--json", "q"], "--explain"),
        ([""], "the question is empty"),
        (["-k", "0", "q"], "1<=x<=50"),
        (["--batch", "/no/such/file"], "No such file"),
    ],
)
def test_wrong_use_is_said_in_one_line_with_status_2(examples: Path, arguments: list[str], said: str) -> None:
    result = run("ask", "--data-dir", examples, *arguments)
    assert result.status == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


def test_without_an_index_it_says_how_to_make_one(tmp_path: Path) -> None:
    result = run("ask", "--data-dir", tmp_path / "none", "who?")
    assert result.status == 2
    assert result.err.startswith("error: there is no index")
    assert "pullquote ingest" in result.err
    assert result.err.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_an_undecodable_argument_is_survived(examples: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.ask", "--data-dir", str(examples), b"who led \xff the US delegation?"],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0
    assert b"Jennifer Daskal" in done.stdout


def at_a_terminal(examples: Path, *arguments: str, keys: str = "", **environment: str) -> str:
    """What a person sees who runs ``ask`` in a terminal and types ``keys``."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-kitty", "COLUMNS": "80", "PYTHONPATH": str(ROOT)} | environment)
        os.execv(sys.executable, [sys.executable, "-m", "bot.ask", "--data-dir", str(examples), *arguments])
    seen = b""
    if keys:
        while b"? " not in seen:
            seen += os.read(terminal, 4096)
        os.write(terminal, keys.encode())
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        seen += more
    os.waitpid(pid, 0)
    return seen.decode()


def test_a_terminal_gets_bold_words_and_links(examples: Path) -> None:
    seen = at_a_terminal(examples, "who led the US delegation?")
    assert "\x1b[1m" in seen
    assert "\x1b]8;;" in seen
    assert "\x1b" not in at_a_terminal(examples, "who led the US delegation?", NO_COLOR="1", TERM="dumb")


def test_the_prompt_converses_at_a_terminal(examples: Path) -> None:
    seen = at_a_terminal(examples, keys="who led the US delegation?\nexit\n")
    assert "12 articles. Ask, or leave with Ctrl-D." in seen
    assert "Jennifer Daskal" in seen


def test_the_prompt_says_at_a_terminal_how_it_understood_a_follow_up(examples: Path) -> None:
    seen = at_a_terminal(examples, keys=STRIKE.format("") + "exit\n")
    assert "/new" in seen
    assert "\x1b[2munderstood as: what was his profession? (Cornelius Abery " in seen
    assert seen.count("understood as") == 1
    assert "understood as" not in at_a_terminal(examples, keys=STRIKE.format("/new\n") + "exit\n")


HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "langchain_text_splitters",
    "langchain_core",
    "discord",
)


def test_a_question_imports_nothing_heavy(examples: Path) -> None:
    script = (
        "import sys\n"
        f"for name in {HEAVY}: sys.modules[name] = None\n"  # importing it raises ImportError
        "from bot.ask import main\n"
        f"main(['--data-dir', {str(examples)!r}, 'who led the US delegation?'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Jennifer Daskal" in done.stdout


def test_a_prompt_sees_what_is_ingested_and_removed_meanwhile(data: Path, tmp_path: Path) -> None:
    """Also one that was opened before there was any article."""
    Writer(data).close()
    asking = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot.ask", "--data-dir", str(data), "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert asking.stdin is not None
    assert asking.stdout is not None

    def ask(question: str) -> dict[str, Any]:
        asking.stdin.write(f"{question}\n")  # type: ignore[union-attr]
        asking.stdin.flush()  # type: ignore[union-attr]
        while not (line := asking.stdout.readline()).strip():  # type: ignore[union-attr]
            pass
        return dict(json.loads(line))

    try:
        assert ask("who found the comet?")["reason"] == "there are no articles yet"
        (tmp_path / "b.txt").write_text("Ines Pell found the comet.")
        assert run("pullquote", "--data-dir", data, "ingest", tmp_path / "b.txt").status == 0
        assert ask("who found the comet?")["answer"] == "Ines Pell"
        assert run("pullquote", "--data-dir", data, "remove", tmp_path / "b.txt").status == 0
        assert ask("who found the comet?")["citations"] == []
    finally:
        asking.stdin.close()
        asking.wait(10)
        asking.stdout.close()


def test_two_ask_while_a_third_ingests(data: Path, tmp_path: Path) -> None:
    write_articles(tmp_path / "a", {f"s{i:03}": f"Story {i} of the harbour. " * 10 for i in range(600)})
    write_articles(tmp_path / "a", {"z": "Ines Pell found the comet."})
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.PIPE, "cwd": ROOT}
    ingest = [sys.executable, "-m", "bot.cli", "--data-dir", str(data), "ingest", str(tmp_path / "a")]
    ask = [sys.executable, "-u", "-m", "bot.ask", "--data-dir", str(data), "--batch"]
    with (
        subprocess.Popen(ingest, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as ingesting,
        ExitStack() as stack,
    ):
        while not (data / "writer.json").exists():
            time.sleep(0.05)
        time.sleep(0.5)
        asking = [stack.enter_context(subprocess.Popen(ask, text=True, **piped)) for _ in range(2)]  # type: ignore[call-overload]
        seen: list[list[bool]] = [[], []]
        last_round = False
        while not last_round:
            last_round = ingesting.poll() is not None
            for each, answers in zip(asking, seen, strict=True):
                each.stdin.write("who found the comet?\n")
                each.stdin.flush()
                line = each.stdout.readline()
                assert line, each.stderr.read()
                answers.append("Ines Pell" in str(json.loads(line)["answer"]))
            time.sleep(0.1)  # what is asked all the time leaves the ingest no processor
        assert ingesting.returncode == 0
        for each, answers in zip(asking, seen, strict=True):
            assert each.communicate()[1] == ""
            assert (answers[0], answers[-1]) == (False, True)


SENT = ROOT.parent / "shared" / "articles" / "rfa-2024-01-29.txt"


@pytest.mark.skipif(not SENT.exists(), reason="the article that the user sent is not part of the project")
def test_the_users_questions_are_answered_from_the_users_article(data: Path) -> None:
    assert run("pullquote", "--data-dir", data, "ingest", SENT).status == 0
    for question, words in (
        ("who led the US delegation?", "Jennifer Daskal"),
        ("when was cooperation suspended?", "2022"),
    ):
        result = run("ask", "--data-dir", data, question)
        assert result.status == 0
        assert words in " ".join(result.out.partition("\n\n")[0].split())
        assert "RFA · Alex Willemyns · 29 January 2024" in result.out
