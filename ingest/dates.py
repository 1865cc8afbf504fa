"""Dates as news writes them, read strictly: one that is not certain is no date.

python-dateutil was considered. It takes 03/04/2024 for March 4 without a word, and
fills a missing year or day from today; both would put a false date into a citation.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from ingest.decode import one_line

_FIRST_YEAR = 1600
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_NAMES = "January February March April May June July August September October November December".split()

_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|['’]?\d{2})(?!\d)"
_CLOCK = r"\d{1,2}(?:[:.]\d{2}){1,2}(?:[.,]\d+)?(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|(?<=t)\d{4,6}"
_ZONE = r"(?:\s?(?:z|(?:utc|gmt)(?:[+-]\d{1,2})?|[a-z]{1,4}t|[+-]\d{2}:?\d{2})\b)?(?:\s?\([a-z]{2,5}\))?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b[.,]{0,2}\s*)?"
_BEFORE = rf"(?:(?:{_CLOCK}){_ZONE}(?:,\s*|\s+)(?:on\s+)?)?{_WEEKDAY}"
_AFTER = rf"(?:(?:t|,?\s+(?:[-–—|]\s*)?(?:at\s+)?)(?:{_CLOCK}){_ZONE})?(?![\w/])"


def _form(core: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + core + _AFTER, re.IGNORECASE | re.ASCII)


_FORMS = (
    _form(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"),
    _form(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    _form(rf"{_DAY}(?:\s+|-)(?:of\s+)?{_MONTH}(?:,?\s+|-){_YEAR}"),
    _form(rf"{_MONTH}\s*{_DAY},?\s+{_YEAR}"),
    _form(r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"),
)
_YEARLESS = tuple(
    re.compile(_WEEKDAY + core, re.IGNORECASE | re.ASCII)
    for core in (rf"{_MONTH}\s*{_DAY}", rf"{_DAY}\s+{_MONTH}")
)
_EIGHT_DIGITS = re.compile(r"(?:1[6-9]|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date, or None and the reason, which is fit for the user's eyes."""

    date: date | None
    problem: str = ""


def latest_today() -> date:
    """Today where it is latest on Earth: no date written anywhere is later than that."""
    return datetime.now(timezone(timedelta(hours=14))).date()


def read_date(text: str, today: date, day_first: bool | None = None) -> ReadDate:
    """The date that ``text`` names, as written there: a time and a zone after it change nothing.

    Neither a day, a month nor a year is ever supplied. ``day_first`` says what
    03/04/2024 means; None leaves such dates out. Dates with dots (29.01.2024) are
    day first wherever they are used.
    """
    text = " ".join(text.split())

    def left_out(why: str) -> ReadDate:
        return ReadDate(None, f"the date “{one_line(text, 60)}” {why}, and is left out")

    match = next((found for form in _FORMS if (found := form.fullmatch(text.rstrip(",;| ")))), None)
    if match is None:
        return left_out("is not understood" if _yearless(text) is None else "has no year")
    parts = match.groupdict()
    if len(parts["year"]) != 4:
        return left_out("has a two-digit year")
    year = int(parts["year"])
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        if parts["mark"] == ".":
            day_first = True
        elif max(first, second) > 12 or min(first, second) < 1 or first == second:
            # At most one order is possible, whatever the configuration says.
            day_first = first >= second
        if day_first is None:
            return left_out(
                f"is {first} {_MONTH_NAMES[second - 1]} or {second} {_MONTH_NAMES[first - 1]}"
                " (ingest.day_first in the configuration decides)"
            )
        day, month = (first, second) if day_first else (second, first)
    else:
        day = int(parts["day"])
        month = _month(parts["name"]) if "name" in parts else int(parts["month"])
    try:
        result = date(year, month, day)
    except ValueError:
        return left_out("is impossible")
    if year < _FIRST_YEAR:
        return left_out(f"is before {_FIRST_YEAR}")
    if result > today:
        return left_out("is in the future")
    return ReadDate(result)


def leading_date(text: str) -> tuple[str, str] | None:
    """A date at the start of ``text``, possible or not, and what follows it."""
    for form in _FORMS:
        if match := form.match(text):
            return match.group(), text[match.end() :]
    return None


def nearest_date(text: str, near: date) -> date | None:
    """The day that a year-less date ("Jan. 29") means in an article known to be of about ``near``.

    None when none lies within a month and a half of it: then the year is not certain.
    """
    match = _yearless(text.strip())
    if match is None:
        return None
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            found = date(year, _month(match["name"]), int(match["day"]))
        except ValueError:
            continue
        if abs(found - near) <= timedelta(days=45):
            return found
    return None


def date_of_number(number: float) -> str | None:
    """What a bare number in a date's place says: 20240129, or seconds or milliseconds since 1970 (UTC).

    None when it says nothing certain, as 0 and 2024 do.
    """
    if not abs(number) < 1e14:  # NaN too
        return None
    if number == number // 1 and _EIGHT_DIGITS.fullmatch(f"{number:.0f}"):
        return f"{number:.0f}"
    # Fewer seconds than this (1973) are more likely something else.
    if abs(number) < 1e8:
        return None
    seconds = number / 1000 if abs(number) >= 1e11 else number
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date().isoformat()


def _yearless(text: str) -> re.Match[str] | None:
    return next((found for form in _YEARLESS if (found := form.fullmatch(text))), None)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
