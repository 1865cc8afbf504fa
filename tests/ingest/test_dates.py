"""Dates: every form that news uses, and no date where there is a doubt."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import date_of_number, leading_date, nearest_date, read_date

TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    "text",
    """2024-01-29
    2024/01/29
    2024.1.29
    20240129
    20240129T140500Z
    2024-01-29T23:30:00-05:00
    2024-01-29T14:05:00.123456+00:00
    2024-01-29 14:05:00 UTC
    2024-01-29 14:05
    29 January 2024
    29 Jan. 2024
    29th of January, 2024
    29-Jan-2024
    January 29, 2024
    JANUARY 29 2024
    Jan 29th, 2024
    Monday, Jan. 29, 2024
    Mon 29 Jan 2024
    29 Jan 2024 14:05 GMT
    Mon, 29 Jan 2024 14:05:00 +0000
    Mon, 29 Jan 2024 14:05:00 -0500 (EST)
    January 29, 2024 at 3:15 p.m. EST
    Jan. 29, 2024, 3 pm ET
    Jan. 29, 2024 - 3:15 p.m.
    3:15 p.m. EST, Monday, January 29, 2024
    14:05 GMT 29 January 2024
    29/01/2024
    01/29/2024
    29.01.2024
    29-01-2024
    Jan.\u00a029,\n2024""".split("\n    "),
)
@pytest.mark.parametrize("day_first", [None, True, False])
def test_a_certain_date_is_read_whatever_the_configuration(text: str, day_first: bool | None) -> None:
    assert read_date(text, TODAY, day_first).date == date(2024, 1, 29)


def test_september_has_four_spellings() -> None:
    for text in ("Sep 3, 2023", "Sept. 3, 2023", "3 September 2023", "3 Sept 2023"):
        assert read_date(text, TODAY).date == date(2023, 9, 3)


def test_the_order_of_day_and_month_is_never_guessed() -> None:
    result = read_date("03/04/2024", TODAY)
    assert result.date is None
    assert "3 April or 4 March" in result.problem
    assert "ingest.day_first" in result.problem
    assert read_date("03/04/2024", TODAY, day_first=True).date == date(2024, 4, 3)
    assert read_date("03/04/2024", TODAY, day_first=False).date == date(2024, 3, 4)


def test_dates_that_are_the_same_in_both_orders_or_have_dots_need_no_configuration() -> None:
    assert read_date("05/05/2024", TODAY).date == date(2024, 5, 5)
    assert read_date("03.04.2024", TODAY, day_first=False).date == date(2024, 4, 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-06-02", "in the future"),
        ("29/01/24", "two-digit year"),
        ("Jan. 29, '24", "two-digit year"),
        ("2024-02-30", "impossible"),
        ("00/05/2024", "impossible"),
        ("31 June 2023", "impossible"),
        ("01.29.2024", "impossible"),
        ("29 January 1599", "before 1600"),
        ("Jan. 29", "no year"),
        ("January 2024", "not understood"),
        ("2024", "not understood"),
        ("yesterday", "not understood"),
        ("29 January 2024 or later", "not understood"),
        ("", "not understood"),
    ],
)
def test_a_date_that_is_refused_says_why(text: str, why: str) -> None:
    result = read_date(text, TODAY)
    assert result.date is None
    assert why in result.problem


@given(st.text(max_size=200))
def test_any_text_is_a_date_of_the_past_or_a_problem_on_one_line(text: str) -> None:
    result = read_date(text, TODAY)
    assert (result.date is None) == bool(result.problem)
    assert result.date is None or result.date <= TODAY
    assert "\n" not in result.problem
    assert len(result.problem) < 200


@given(st.dates(min_value=date(1600, 1, 1), max_value=TODAY))
def test_what_python_writes_is_read_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%A, %B %d, %Y", "%d.%m.%Y"):
        assert read_date(f"{day:{form}}", TODAY).date == day


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1706486400, "2024-01-29"),
        (1706486400000, "2024-01-29"),
        (1706486400.5, "2024-01-29"),
        (20240129, "20240129"),
        (-14182940.0, None),
        (0, None),
        (2024, None),
        (10**400, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_numbers_are_epochs_or_written_dates_or_nothing(number: float, written: str | None) -> None:
    assert date_of_number(number) == written


def test_a_date_is_found_at_the_start_of_a_line() -> None:
    assert leading_date("2024-01-29 By RFA") == ("2024-01-29", " By RFA")
    assert leading_date("On 2024-01-29") is None
    assert leading_date("January 29, 2024, was cold") == ("January 29, 2024", ", was cold")


def test_a_year_is_supplied_only_from_a_date_close_by() -> None:
    assert nearest_date("Jan. 29", date(2024, 1, 30)) == date(2024, 1, 29)
    assert nearest_date("31 Dec.", date(2024, 1, 2)) == date(2023, 12, 31)
    assert nearest_date("June 29", date(2024, 1, 2)) is None
    assert nearest_date("Feb. 29", date(2023, 3, 1)) is None
