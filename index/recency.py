"""What a question's time words say about when the article that answers it was written."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

# Days over which the worth of being recent falls to 1/e: the press tells of an event for a month. Not
# tuned; how much it counts is learned.
FADING = 30
# Days after a period in which the press still reports on it.
AFTERMATH = 7
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march|april apr|may|june jun|july jul|august aug|september sept sep"
        "|october oct|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = re.compile(r"(?<![\w$€£.,])((?:19|20)\d\d)(?![\w%]|[.,]\d)")
_IN_MONTH = re.compile(
    rf"\b(?:in|of|during|since|by|last|this|early|late|mid)[ -]({_MONTH})\b\.?(?:,? ((?:19|20)\d\d))?"
    rf"|\b({_MONTH})\b\.? (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?((?:19|20)\d\d)",
    re.IGNORECASE,
)
_RELATIVE: dict[str, Callable[[date], tuple[date, date]]] = {
    r"today|tonight|now|currently|this (?:morning|afternoon|evening)": lambda day: (_before(day, 1), day),
    r"yesterday": lambda day: (_before(day, 2), _before(day, 1)),
    r"this (?:past )?week(?:end)?|these days|in the (?:last|past) few days": lambda day: (
        _before(day, 7),
        day,
    ),
    r"last week(?:end)?": lambda day: (_before(day, 14), _before(day, 5)),
    r"this month|in recent weeks|recently|latest|just": lambda day: (_before(day, 31), day),
    r"last month": lambda day: (_before(day, 62), _before(day, 20)),
    r"this year": lambda day: (date(day.year, 1, 1), day),
    r"last year": lambda day: (date(max(day.year - 1, 1), 1, 1), date(max(day.year - 1, 1), 12, 31)),
}
_WORDS = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), period) for words, period in _RELATIVE.items()]


@dataclass(frozen=True, slots=True)
class TimePreference:
    """When the question is asked, and the period that its words name, if they do.

    A preference only: no article is left out for its date. ``named`` says that the
    question gives a year or a month of its own, so that recent articles are not
    preferred to others.
    """

    as_of: date
    period: tuple[date, date] | None = None
    named: bool = False

    def recency(self, published: date | None) -> float:
        """How recent an article was when the question was asked: 1 on the day, 1/e after FADING days.

        0 if it was published later, or no one knows when, or the question names its own time.
        """
        if published is None or self.named:
            return 0.0
        age = (self.as_of - published).days
        # An article dated a few days later may report on the same week.
        return 0.0 if age < -AFTERMATH else math.exp(-max(age, 0) / FADING)

    def in_period(self, published: date | None) -> float:
        """1 for an article published in the period that the question's words name, or just after; else 0."""
        if published is None or self.period is None:
            return 0.0
        first, last = self.period
        return float(first <= published and (published - last).days <= AFTERMATH)


def time_preference(question: str, as_of: date) -> TimePreference:
    """What the question's words prefer: "in 2016" that year, "this week" the week before ``as_of``.

    An explicit year or month counts before a relative word; of several years the latest.
    """
    if month := _IN_MONTH.search(question):
        name, year = (month[1], month[2]) if month[1] else (month[3], month[4])
        return TimePreference(
            as_of, _month(_MONTHS[name.lower()], int(year) if year else None, as_of), named=True
        )
    if years := [int(year) for year in _YEAR.findall(question)]:
        latest = max(years)
        # The year that is running is no time of its own: "the 2024 Oscars", asked in 2024.
        return TimePreference(as_of, (date(latest, 1, 1), date(latest, 12, 31)), named=latest != as_of.year)
    for words, period in _WORDS:
        if words.search(question):
            return TimePreference(as_of, period(as_of))
    return TimePreference(as_of)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=min(days, day.toordinal() - 1))


def _month(month: int, year: int | None, as_of: date) -> tuple[date, date]:
    """The month of that year, else the latest one that has begun."""
    year = year or (as_of.year if month <= as_of.month else as_of.year - 1)
    first = date(max(year, 1), month, 1)
    following = date(first.year + month // 12, month % 12 + 1, 1) if first.year < 9999 else date.max
    return first, following - timedelta(days=1)
