"""What the words for days, weeks, months and years name, seen from the day of writing.

Nothing here looks at the sentence: ``tense`` comes from outside, and what is not
certain with it is None. A week runs from Monday to Sunday. On a Sunday the week's
words are left alone, as half of the English-speaking world has begun the next one.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from index.date_forms import DAY_WORDS, HOLIDAYS, NUMBERS, PARTS, SEASONS
from index.tense import Tense

_DAYS = "mon tue wed thu fri sat sun".split()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SHIFT = {"last": -1, "this": 0, "next": 1}
_COMING = {"this coming", "the coming", "coming"}
_PAST = {"this past", "the past", "past"}
# Still said without their years: no tense tells whether this year's day is meant.
_FAMOUS = {(1, 6), (9, 11), (10, 7)}
# Days within which a date of another year needs no year. Beyond, half of them (news-dev) are of a third year.
_YEARLESS_FOR = {"past": 183, "future": 240, None: 183}


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, in whole days, months or years (``unit``)."""

    first: date
    last: date
    unit: str = "day"

    def __str__(self) -> str:
        length = {"day": 10, "month": 7, "year": 4}[self.unit]
        first, last = self.first.isoformat()[:length], self.last.isoformat()[:length]
        return first if first == last else f"{first}/{last}"


def one_day(day: date) -> Period:
    """That day."""
    return Period(day, day)


def months(year: int, first: int, last: int | None = None) -> Period:
    """Whole months of one year."""
    last = last or first
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]), "month")


def years(first: int, last: int | None = None) -> Period:
    """Whole years."""
    return Period(date(first, 1, 1), date(last or first, 12, 31), "year")


def read(kind: str, match: re.Match[str], anchor: date | None, tense: Tense | None) -> Period | None:
    """What a match of one of ``FORMS``, which is of that kind, names."""
    if kind in _BY_THEMSELVES:
        return _BY_THEMSELVES[kind](match)
    if kind == "named":
        return named(match, anchor, tense)
    if kind == "two days":
        return _two_days(match, anchor, tense)
    return _RELATIVE[kind](match, anchor, tense) if anchor else None


def named(match: re.Match[str], anchor: date | None, tense: Tense | None) -> Period | None:
    """A date with a name or a number in it; what is missing comes from ``anchor``."""
    part = match.groupdict()
    which, of = (part.get("which") or "").lower(), part.get("of")
    month = month_number(part.get("month")) or int(part.get("number") or 0)
    day = _number(part.get("day"))
    if holiday := part.get("holiday"):
        month, day = HOLIDAYS[" ".join(holiday.lower().replace("’", "'").split())]
    weekday = _DAYS.index(part["weekday"][:3].lower()) if part.get("weekday") else None
    year = int(part["year"]) if part.get("year") else None
    if of and anchor and month:
        year = anchor.year + _SHIFT[of]
    if year and month and day:
        found = _day(year, month, day)
        return one_day(found) if found and weekday in {None, found.weekday()} else None
    if year:
        return months(year, month) if month else years(year)
    if anchor is None:
        return None
    if month and day:
        return _yearless(month, day, weekday, anchor, tense)
    if month:
        return _yearless_month(month, which, anchor, tense)
    assert weekday is not None
    if of:
        found = anchor + timedelta(days=weekday - anchor.weekday() + 7 * _SHIFT[of])
        return None if anchor.weekday() == 6 else one_day(found)
    return _weekday(weekday, which, anchor, tense)


def month_number(name: str | None) -> int:
    """1 for January, whole or abbreviated; 0 for none."""
    return _MONTHS.index(name[:3].lower()) + 1 if name else 0


def _number(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or "") or 0)


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= monthrange(year, month)[1] else None


def _two_days(match: re.Match[str], anchor: date | None, tense: Tense | None) -> Period | None:
    """Of one month: "Nov. 3-5"."""
    month, day, last = month_number(match["month"]), _number(match["day"]), _number(match["last"])
    year = int(match["year"]) if match["year"] else None
    if match["of"] and anchor:
        year = anchor.year + _SHIFT[match["of"]]
    guess = _yearless(month, day, None, anchor, tense) if year is None and anchor else None
    year = guess.first.year if guess else year
    first, end = (_day(year, month, each) if year else None for each in (day, last))
    if not first or not end or first >= end:
        return None
    return None if guess and anchor and first <= anchor < end else Period(first, end)


def _two_years(match: re.Match[str]) -> Period | None:
    first = int(match["year"])
    last = int(match["last"]) + (first // 100 * 100 if len(match["last"]) == 2 else 0)
    return years(first, last) if first < last else None


def _part(match: re.Match[str]) -> Period:
    word = (match["part"] or match["season"]).lower()
    return months(int(match["year"]), *({**SEASONS, **PARTS}[word]))


def _decade(match: re.Match[str]) -> Period | None:
    """Not "the 2000s", which may be a century."""
    part = match.groupdict()
    first = int(part.get("decade") or 1900 + int(part.get("short") or 0))
    return None if first % 100 == 0 else years(first, first + 9)


def _yearless(month: int, day: int, weekday: int | None, anchor: date, tense: Tense | None) -> Period | None:
    """In the nearest year on the tense's side; a weekday beside it settles the year too, as it moves on."""
    near = [_day(year, month, day) for year in range(anchor.year - 1, anchor.year + 2)]
    fitting = [each for each in near if each and weekday in {None, each.weekday()}]
    if tense == "past":
        found = max((each for each in fitting if each <= anchor), default=None)
        if (month, day) in _FAMOUS and weekday is None:
            return None
    elif tense == "future":
        found = min((each for each in fitting if each >= anchor), default=None)
    else:
        found = fitting[0] if weekday is not None and len(fitting) == 1 else None
    if found is None or (found.year != anchor.year and abs(found - anchor).days > _YEARLESS_FOR[tense]):
        return None
    return one_day(found)


def _yearless_month(month: int, which: str, anchor: date, tense: Tense | None) -> Period | None:
    ago, ahead = (anchor.month - month) % 12, (month - anchor.month) % 12
    if which == "last":  # and not this year's, which only some would call so
        return months(anchor.year - 1, month) if month >= anchor.month else None
    if which == "next":
        return months(anchor.year + 1, month) if month <= anchor.month else None
    if which == "this" and not ago:
        return months(anchor.year, month)
    tense = "past" if which in _PAST else "future" if which in _COMING else tense
    if tense == "past":
        return months(anchor.year - (month > anchor.month), month) if ago < (7 if which else 11) else None
    if tense == "future" and ahead:
        far = ahead >= (7 if which else 9) and month < anchor.month
        return None if far else months(anchor.year + (month < anchor.month), month)
    return None


def _weekday(weekday: int, which: str, anchor: date, tense: Tense | None) -> Period | None:
    ago, ahead = (anchor.weekday() - weekday) % 7, (weekday - anchor.weekday()) % 7
    monday = anchor - timedelta(days=anchor.weekday())
    if which == "last":  # only where the most recent one and last week's are the same
        found = anchor - timedelta(days=ago or 7)
        return one_day(found) if found < monday else None
    if which == "next":
        found = anchor + timedelta(days=ahead or 7)
        return one_day(found) if found >= monday + timedelta(days=7) and anchor.weekday() < 6 else None
    if which in _PAST | _COMING:
        if not ago:
            return None
        tense = "past" if which in _PAST else "future"
    elif ago == 6 and tense == "past":
        # Tomorrow's name: in two of three such sentences (news-dev) the article is older than the sentence.
        return None
    if tense == "past":
        found = anchor - timedelta(days=ago)
        return None if which == "this" and found < monday else one_day(found)
    return one_day(anchor + timedelta(days=ahead)) if tense == "future" else None


def _day_word(match: re.Match[str], anchor: date, tense: Tense | None) -> Period | None:
    """ "today" without a tense means nowadays."""
    word = " ".join(match["word"].lower().split())
    return one_day(anchor + timedelta(days=DAY_WORDS[word])) if tense or word != "today" else None


def _ago(match: re.Match[str], anchor: date, tense: Tense | None) -> Period | None:
    """Days are exact; weeks are meant within half a week."""
    word, numbers = match["count"].lower(), NUMBERS.split()
    count = 1 if word in {"a", "an"} else numbers.index(word) + 1 if word in numbers else int(word)
    week = match["unit"].lower() == "week"
    days = count * (7 if week else 1) * (-1 if match["side"].lower() == "ago" else 1)
    middle, slack = anchor + timedelta(days=days), timedelta(days=3 if week and not match["exact"] else 0)
    return Period(middle - slack, middle + slack) if count <= 31 else None


def _unit(match: re.Match[str], anchor: date, tense: Tense | None) -> Period | None:
    """ "earlier this week", "last month", "next year"."""
    shift, part = _SHIFT[match["which"].lower()], (match["part"] or "").lower()
    if match["unit"].lower() == "year":
        return years(anchor.year + shift)
    if match["unit"].lower() == "month":
        number = anchor.year * 12 + anchor.month - 1 + shift
        return months(number // 12, number % 12 + 1)
    monday = anchor + timedelta(days=7 * shift - anchor.weekday())
    sunday = monday + timedelta(days=6)
    if anchor.weekday() == 6 and not (shift == 0 and tense == "past"):
        return None
    if shift or part not in {"earlier", "later"}:
        return Period(monday, sunday)
    first, last = (monday, anchor) if part == "earlier" else (anchor, sunday)
    return Period(first, last) if first < last else None


def _weekend(match: re.Match[str], anchor: date, tense: Tense | None) -> Period | None:
    which, now = match["which"].lower(), anchor.weekday() >= 5
    saturday = anchor + timedelta(days=5 - anchor.weekday())
    if (which in _PAST | _COMING and now) or (which == "next" and not now):
        return None
    tense = "past" if which in _PAST | {"last"} else "future" if which in _COMING | {"next"} else tense
    if tense is None or (which == "this" and tense == "past" and 1 < anchor.weekday() < 5):
        return None
    if which == "last" or (tense == "past" and not now):
        saturday -= timedelta(days=7)
    elif which == "next":
        saturday += timedelta(days=7)
    return Period(saturday, saturday + timedelta(days=1))


def _season(match: re.Match[str], anchor: date, tense: Tense | None) -> Period | None:
    """ "last spring" is certain until this year's has begun, and so on."""
    first, last = SEASONS[match["season"].lower()]
    begun, over, which = anchor.month >= first, anchor.month > last, match["which"].lower()
    if which == "this":
        fits = {"past": begun, "future": not over, None: begun and not over}[tense]
        return months(anchor.year, first, last) if fits else None
    if which == "last":
        return None if begun else months(anchor.year - 1, first, last)
    return months(anchor.year + 1, first, last) if begun else None


def _end(match: re.Match[str], anchor: date, tense: Tense | None) -> Period | None:
    if tense != "future":
        return None
    return years(anchor.year) if match["unit"].lower() == "year" else months(anchor.year, anchor.month)


_BY_THEMSELVES: dict[str, Callable[[re.Match[str]], Period | None]] = {
    "two years": _two_years,
    "part": _part,
    "decade": _decade,
}
_RELATIVE: dict[str, Callable[[re.Match[str], date, Tense | None], Period | None]] = {
    "day word": _day_word,
    "ago": _ago,
    "unit": _unit,
    "weekend": _weekend,
    "season": _season,
    "end": _end,
}
