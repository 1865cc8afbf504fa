"""What a question's time words prefer, and that they never do more than prefer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.recency import time_preference

ASKED = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("question", "preferred", "other"),
    [
        ("Who won this week?", date(2024, 3, 12), date(2024, 2, 12)),
        ("What closed yesterday?", date(2024, 3, 14), date(2024, 3, 4)),
        ("What was said last month?", date(2024, 2, 10), date(2024, 3, 14)),
        ("Who resigned last year?", date(2023, 7, 1), date(2024, 3, 1)),
        ("Who won the election in 2016?", date(2016, 11, 9), date(2024, 3, 14)),
        ("What happened in August 2022?", date(2022, 8, 20), date(2024, 3, 14)),
        ("When did the bridge close in November?", date(2023, 11, 3), date(2024, 3, 14)),
        ("Who led the talks on January 5, 2024?", date(2024, 1, 6), date(2023, 1, 6)),
    ],
)
def test_the_period_that_is_named_is_preferred(question: str, preferred: date, other: date) -> None:
    when = time_preference(question, ASKED)
    assert when.in_period(preferred) > when.in_period(other)


def test_without_time_words_the_recent_is_preferred() -> None:
    when = time_preference("Who led the delegation?", ASKED)
    assert when.recency(date(2024, 3, 14)) > when.recency(date(2024, 1, 14)) > when.recency(date(2020, 3, 14))
    assert when.in_period(date(2024, 3, 14)) == 0


def test_what_was_published_later_is_not_recent() -> None:
    when = time_preference("Who led the delegation?", ASKED)
    assert when.recency(date(2024, 5, 1)) == 0
    assert when.recency(date(2024, 3, 17)) > 0


@pytest.mark.parametrize("question", ["Who won in 2016?", "What happened in May 2019?"])
def test_a_year_of_its_own_does_not_prefer_last_week(question: str) -> None:
    assert time_preference(question, ASKED).recency(date(2024, 3, 14)) == 0


def test_the_running_year_is_not_a_time_of_its_own() -> None:
    assert time_preference("Who won the 2024 Oscars?", ASKED).recency(date(2024, 3, 14)) > 0.9


@pytest.mark.parametrize(
    "question", ["Who may march?", "How many of the 2,016 stayed?", "Who paid $2016?", "What costs 2016.50?"]
)
def test_other_words_and_figures_name_no_period(question: str) -> None:
    assert time_preference(question, ASKED).period is None


def test_an_undated_article_is_neither_preferred_nor_refused() -> None:
    when = time_preference("Who won this week?", ASKED)
    assert (when.recency(None), when.in_period(None)) == (0, 0)


@given(st.text(max_size=80), st.dates(), st.dates())
def test_any_question_on_any_day(question: str, as_of: date, published: date) -> None:
    when = time_preference(question, as_of)
    assert 0 <= when.recency(published) <= 1
    assert when.in_period(published) in (0, 1)
