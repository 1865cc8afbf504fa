"""Any system can be measured: here one whose replies are written down."""

import math
from collections.abc import Iterator
from datetime import date

import pytest

from bot.evaluation.cases import Case, Group
from bot.evaluation.measures import Evaluation
from bot.evaluation.running import Cause, Quote, Reply, ask_all, judged

ANN = Case("1", "Who?", answers=("Ann Lee",), articles=("a.txt",))
RIGHT, WRONG = Quote("It was Ann Lee.", path="/a.txt"), Quote("It was Ann Lee.", path="/b.txt")


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (Reply("Ann Lee", 0.9, (RIGHT,)), None),
        (Reply("Ann Lee", 0.4, (RIGHT,)), Cause.ABSTAINED),
        (Reply("Bob", 0.9, (RIGHT,)), Cause.WRONG_SPAN),
        (Reply("Bob", 0.1, (WRONG, RIGHT)), Cause.NOT_FIRST),
        (Reply("Bob", 0.9, (WRONG,), lambda: [WRONG, RIGHT]), Cause.NOT_QUOTED),
        (Reply("Bob", 0.9, (WRONG,), lambda: [WRONG]), Cause.NOT_FOUND),
        (Reply(None, 0.0), Cause.NOT_FOUND),
    ],
)
def test_each_miss_has_its_cause(reply: Reply, cause: Cause | None) -> None:
    assert judged(ANN, reply).cause(0.5) is cause


def test_an_answer_where_there_is_none_is_a_miss_whatever_it_says() -> None:
    for group in (Group.UNANSWERABLE, Group.OFF_CORPUS):
        case = Case("2", "Who?", group, answers=("Ann Lee",))
        outcome = judged(case, Reply("Ann Lee", 0.9, (RIGHT,)))
        assert (outcome.right, outcome.exact, outcome.rank) == (False, False, None)
        assert outcome.cause(0.5) is Cause.FALSE_ANSWER
        assert outcome.cause(0.95) is None


def test_a_rejected_answer_is_a_miss_where_it_is_given_again_and_counts_for_nothing_else() -> None:
    case = Case("2", "Who?", Group.REJECTED, articles=("a.txt",), rejected=("Ann",))
    asked = {
        "again": Reply("Ann", 0.9, (RIGHT,)),
        "unsure": Reply("Ann", 0.4, (RIGHT,)),
        "from elsewhere": Reply("Ann", 0.9, (WRONG,)),
        "another": Reply("Ann Lee", 0.9, (RIGHT,)),
    }
    outcomes = {name: judged(case, reply) for name, reply in asked.items()}
    assert [name for name, each in outcomes.items() if each.cause(0.5)] == ["again"]
    assert outcomes["again"].cause(0.5) is Cause.REJECTED
    found = Evaluation(list(outcomes.values()), 0.5)
    assert (found.measures["rejected_given"].value, found.measures["rejected_given"].count) == (0.25, 4)
    assert {found.measures[name].count for name in ("right", "precision_all", "false_unanswerable")} == {0}


def test_a_date_is_right_if_the_first_quote_resolves_to_it() -> None:
    case = Case("1", "When?", answers=("Tuesday",), resolved_date="2024-01-30")
    right = Quote("on Tuesday", resolved_date="2024-01-30")
    assert judged(case, Reply("Tuesday", 0.9, (right, Quote("")))).dated is True
    assert judged(case, Reply("Tuesday", 0.9, (Quote(""), right))).dated is False
    assert judged(case, Reply(None, 0)).dated is False
    assert judged(ANN, Reply("Ann Lee", 0.9, (right,))).dated is None


def evaluation() -> Evaluation:
    off = Case("3", "Off?", Group.OFF_CORPUS)
    replies = {
        "Who?": Reply("Ann Lee", 0.9, (RIGHT,), milliseconds=4.0),
        "When?": Reply("on a Tuesday in May", 0.6, (WRONG, Quote("It was Tuesday.")), milliseconds=6.0),
        "Where?": Reply("Rome", 0.2, milliseconds=8.0),
        "Why?": Reply("because", 0.7, milliseconds=2.0),
        "Off?": Reply("Paris", 0.1, milliseconds=2.0),
    }
    cases = [
        ANN,
        Case("5", "When?", answers=("Tuesday",), kind="when"),
        Case("6", "Where?", answers=("Oslo",), kind="where"),
        Case("7", "Why?", Group.UNANSWERABLE),
        off,
    ]
    return Evaluation(ask_all(cases, lambda question, _: replies[question]), 0.5)


def test_the_figures_are_those_of_the_replies() -> None:
    values = {name: each.value for name, each in evaluation().measures.items()}
    third = pytest.approx(1 / 3)
    expected = {
        "passage_at_1": third,
        "passage_at_3": pytest.approx(2 / 3),
        "exact": third,
        "f1": pytest.approx((1 + 2 / 5) / 3),
        "contains": pytest.approx(2 / 3),
        "right": pytest.approx(2 / 3),
        "answered": pytest.approx(2 / 3),
        "answered_right": pytest.approx(2 / 3),
        "precision": 1,
        "precision_exact": 0.5,
        "precision_all": pytest.approx(2 / 3),
        "false_unanswerable": 1,
        "false_off_corpus": 0,
        "auroc": 0.75,  # of four pairs one is out of order
        "auroc_all": pytest.approx(5 / 6),
        "aurc": pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2 + 3 / 5) / 5),
        "ece": pytest.approx((0.1 + 0.7 + 0.4 + 0.2 + 0.1) / 5),
        "ms_p50": 4,
        "ms_max": 8,
    }
    assert {name: values[name] for name in expected} == expected
    assert math.isnan(values["dated"])
    assert list(evaluation().kinds) == ["other", "when", "where"]


def test_asking_reports_progress_and_stops_when_told() -> None:
    asked: list[int] = []

    def stops() -> Iterator[bool]:
        yield from (False, False, True)

    stop = stops()
    seen: list[date | None] = []

    def system(question: str, as_of: date | None) -> Reply:
        seen.append(as_of)
        return Reply("x", 0.5)

    cases = [Case(str(i), "?", answers=("x",), as_of=date(2024, 1, i)) for i in range(1, 6)]
    outcomes = ask_all(cases, system, asked.append, lambda: next(stop))
    assert (len(outcomes), asked, seen) == (2, [1, 2], [date(2024, 1, 1), date(2024, 1, 2)])
