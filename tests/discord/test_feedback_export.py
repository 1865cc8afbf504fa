"""Feedback becomes cases, and the cases are asked again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.discord.card import Card, Reply, Source
from bot.discord.feedback import Feedback, Reason, export
from bot.discord.ledger import Ledger
from bot.evaluation.cases import Case, Group, read_cases
from bot.opening import open_engine
from index.answer import Question
from index.config import Config
from tests.conftest import EXAMPLES, Result, run

ASKED_AT = "2024-01-31T10:00:00+00:00"
SERVER, CHANNEL, ASKER, JUDGE = 900000000000000001, 900000000000000002, 900000000000000003, 900000000000000004


def source(answer: str, *, url: str | None = None, path: str | None = None) -> Source:
    quote = f"They say {answer} today."
    return Source(
        article_id="a1", digest="d1", title="The harbour", publisher="Gull Post", authors=("Ann Lee",),
        published=date(2024, 1, 30), url=url, path=path, deep_link="/srv/secret/harbour.txt:3", quote=quote,
        start=0, end=len(quote), answer_start=9, answer_end=9 + len(answer), resolved_date="2024-01-29",
    )  # fmt: skip


ANSWER = Reply(
    question="why?",
    understood="why? (the harbour)",
    answered=True,
    text="the storm",
    confidence=0.87654321,
    reason=None,
    as_of=date(2024, 1, 31),
    sources=(
        source("the storm", path="/srv/secret/harbour.txt"),
        source("The storm", url="https://gull.example/harbour"),
        source("a flood", url="https://gull.example/flood"),
    ),
)
ABSTENTION = replace(ANSWER, answered=False, text=None, reason="nothing near", sources=(ANSWER.sources[2],))


def card(id_: str, reply: Reply = ANSWER, *, server: int = SERVER, asked_at: str = ASKED_AT) -> Card:
    return Card(id_, server, CHANNEL, ASKER, 5, asked_at, None, reply)


def verdict(
    card_id: str,
    user: int = JUDGE,
    reason: Reason | None = None,
    *,
    good: bool = False,
    comment: str = "",
    hour: int = 11,
) -> Feedback:
    return Feedback(card_id, user, good, reason, comment, f"2024-01-31T{hour}:00:00+00:00")


def kept(data_dir: Path, *judged: tuple[Card, Sequence[Feedback]]) -> Path:
    with Ledger(data_dir) as ledger:
        for each, feedback in judged:
            ledger.add_card(each)
            for said in feedback:
                assert ledger.put_feedback(said)
    return data_dir


def exported(data_dir: Path, *arguments: str | Path) -> tuple[Result, list[dict[str, Any]]]:
    result = run("pullquote", "--data-dir", data_dir, "feedback", "export", *arguments)
    return result, [json.loads(line) for line in result.out.splitlines()]


def case_of(tmp_path: Path, reply: Reply, *feedback: Feedback) -> Case:
    """The case as ``pullquote eval`` reads it."""
    found = export([(card("c1", reply), each) for each in feedback], with_unknown=True)
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(each) for each in found.cases))
    (case,) = read_cases(file)
    return case


def test_a_good_answer_is_accepted_from_the_articles_that_give_it(tmp_path: Path) -> None:
    assert case_of(tmp_path, ANSWER, verdict("c1", good=True)) == Case(
        "c1", "why? (the harbour)", Group.ANSWERABLE, ("the storm",),
        ("harbour.txt", "https://gull.example/harbour"), date(2024, 1, 31), resolved_date="2024-01-29",
    )  # fmt: skip


@pytest.mark.parametrize("reason", [Reason.WRONG_SPAN, Reason.OUT_OF_DATE, None])
def test_a_bad_answer_is_rejected_wherever_it_comes_from(tmp_path: Path, reason: Reason | None) -> None:
    case = case_of(tmp_path, ANSWER, verdict("c1", reason=reason))
    assert (case.group, case.rejected, case.articles) == (Group.REJECTED, ("the storm",), ())


def test_an_answer_of_the_wrong_article_is_rejected_from_that_article(tmp_path: Path) -> None:
    case = case_of(tmp_path, ANSWER, verdict("c1", reason=Reason.WRONG_ARTICLE))
    assert (case.group, case.rejected, case.articles) == (Group.REJECTED, ("the storm",), ("harbour.txt",))


def test_what_should_not_or_could_not_be_answered_is_unanswerable(tmp_path: Path) -> None:
    abstain = case_of(tmp_path, ANSWER, verdict("c1", reason=Reason.SHOULD_HAVE_ABSTAINED))
    right = case_of(tmp_path, ABSTENTION, verdict("c1", good=True))
    assert abstain == right == Case("c1", ANSWER.understood, Group.UNANSWERABLE, as_of=date(2024, 1, 31))


def test_a_wrong_abstention_is_left_to_a_person(tmp_path: Path) -> None:
    wrong = verdict("c1", reason=Reason.SHOULD_HAVE_ANSWERED)
    assert export([(card("c1", ABSTENTION), wrong)]).cases == ()
    assert case_of(tmp_path, ABSTENTION, wrong).group is Group.UNSUPPORTED


def test_the_majority_decides_each_user_counting_once_and_the_commonest_reason_counts() -> None:
    feedback = [
        (card("c1"), verdict("c1", 1, good=True, hour=10)),
        (card("c1"), verdict("c1", 2, Reason.WRONG_SPAN, comment="too short")),
        (card("c1"), verdict("c1", 3, Reason.OUT_OF_DATE)),
        (card("c1"), verdict("c1", 4, Reason.OUT_OF_DATE)),
        (card("c2"), verdict("c2", 1, hour=12)),  # the same answer on another card: thought better of it
        (card("c2"), verdict("c2", 5, good=True)),
    ]
    found = export(feedback)
    (case,) = found.cases
    assert (case["verdict"], case["reason"], case["votes"]) == ("bad", "out of date", {"good": 1, "bad": 4})
    assert (case["id"], case["comments"], found.verdicts) == ("c1", ["too short"], 5)


def test_different_answers_or_days_are_different_cases_and_ties_are_none() -> None:
    later, other = replace(ANSWER, as_of=date(2024, 2, 1)), replace(ANSWER, text="a flood")
    feedback = [
        (card("c1"), verdict("c1", good=True)),
        (card("c2", later), verdict("c2", good=True)),
        (card("c3", other), verdict("c3", 1)),
        (card("c3", other), verdict("c3", 2, good=True)),
    ]
    found = export(feedback)
    assert ([each["id"] for each in found.cases], found.tied) == (["c1", "c2"], 1)


def test_the_command_filters_and_says_what_it_left_out(tmp_path: Path) -> None:
    kept(
        tmp_path,
        (card("c1"), [verdict("c1", good=True)]),
        (card("c2", replace(ANSWER, text="x"), server=2), [verdict("c2", good=True)]),
        (card("c3", replace(ANSWER, text="y"), asked_at="2023-12-31T23:59:59+00:00"), [verdict("c3")]),
        (card("c4", replace(ANSWER, text="z")), [verdict("c4", 1, good=True), verdict("c4", 2)]),
        (card("c5", ABSTENTION), [verdict("c5", reason=Reason.SHOULD_HAVE_ANSWERED)]),
    )
    result, cases = exported(tmp_path)
    assert [each["id"] for each in cases] == ["c3", "c1", "c2"]
    assert "3 cases from 6 verdicts; left out: 1 tie; left out: 1 question of which" in result.err
    assert [each["id"] for each in exported(tmp_path, "--all")[1]] == ["c3", "c1", "c2", "c5"]
    assert [each["id"] for each in exported(tmp_path, "--server", "2")[1]] == ["c2"]
    assert [each["id"] for each in exported(tmp_path, "--since", "2024")[1]] == ["c1", "c2"]
    nothing, _ = exported(tmp_path, "--server", "3")
    assert (nothing.status, nothing.out) == (1, "")
    assert nothing.err == "0 cases from 0 verdicts\n"


def test_nobodys_id_and_no_folder_of_the_server_is_in_a_case(tmp_path: Path) -> None:
    kept(tmp_path, (card("c1"), [verdict("c1", good=True, comment="so it is")]))
    result, (case,) = exported(tmp_path)
    assert not [each for each in (SERVER, CHANNEL, ASKER, JUDGE) if str(each) in result.out]
    assert "/srv" not in result.out
    assert case["given"] == "the storm"
    assert case["confidence"] == 0.8765
    assert case["comments"] == ["so it is"]
    assert case["asked_at"] == ASKED_AT
    assert [each["answer"] for each in case["citations"]] == ["the storm", "The storm", "a flood"]


def test_without_a_bot_there_is_no_feedback_and_no_file_is_made(tmp_path: Path) -> None:
    old = tmp_path / "cases.jsonl"
    old.write_text("as it was")
    result, _ = exported(tmp_path, old)
    assert result.status == 2
    assert result.err.startswith("error: no feedback yet: `pullquote discord`")
    kept(tmp_path)
    assert exported(tmp_path, old)[0].status == 1
    assert old.read_text() == "as it was"


@pytest.mark.model
def test_what_people_said_of_real_answers_is_asked_again(examples: Path, data: Path, tmp_path: Path) -> None:
    config = replace(Config(), data_dir=examples)
    asked = {
        "liked": "who led the US delegation?",
        "wrong": "when was cooperation suspended?",
        "elsewhere": "How much did it cost to repair the Kestrel Bridge?",
        "unlikely": "Who won the chess championship on Mars?",
    }
    with open_engine(config) as engine:
        replies = {
            name: Reply.of(text, engine.answer(Question(text, as_of=date(2024, 3, 5))), None)
            for name, text in asked.items()
        }
    assert [name for name, each in replies.items() if each.answered] == ["liked", "wrong", "elsewhere"]
    said = {
        "liked": verdict("liked", good=True),
        "wrong": verdict("wrong", reason=Reason.WRONG_SPAN),
        "elsewhere": verdict("elsewhere", reason=Reason.WRONG_ARTICLE),
        "unlikely": verdict("unlikely", good=True),
        "missing": verdict("missing", reason=Reason.SHOULD_HAVE_ANSWERED),
    }
    replies["missing"] = replace(replies["unlikely"], understood="And who came second?")
    kept(data, *((card(name, replies[name]), [each]) for name, each in said.items()))
    file = tmp_path / "cases.jsonl"
    result, _ = exported(data, file, "--all")
    assert (result.status, result.out) == (0, "")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []

    # The answers that people called wrong are given again: nothing has changed.
    evaluated = run("pullquote", "--data-dir", data, "eval", EXAMPLES, file, "--json")
    assert evaluated.status == 0, evaluated.err
    found = json.loads(evaluated.out)
    assert found["questions"] == {
        "answerable": 1, "unanswerable": 1, "off-corpus": 0, "unsupported": 0, "rejected": 2
    }  # fmt: skip
    measures = {name: (each["value"], each["count"]) for name, each in found["measures"].items()}
    assert measures["answered_right"] == measures["exact"] == measures["passage_at_1"] == (1, 1)
    assert measures["false_unanswerable"] == (0, 1)
    assert measures["rejected_given"] == (1, 2)
    assert {each["id"]: each["cause"] for each in found["misses"]} == {
        "wrong": "rejected, but still given",
        "elsewhere": "rejected, but still given",
    }
    assert 'their "supported" is false: 1 questions' in evaluated.err
