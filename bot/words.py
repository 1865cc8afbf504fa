"""Days and names as people write them, wherever an answer is shown."""

from collections.abc import Sequence

_MONTHS = "January February March April May June July August September October November December".split()
_MOST_NAMED = 3


def in_words(period: str) -> str:
    """A day, month or year in ISO 8601, or two with "/" between, as "30 January 2024 to 2 February 2024"."""
    return " to ".join(map(_day, period.split("/")))


def named(authors: Sequence[str]) -> str:
    """The first three authors, and how many more there are; "" for none."""
    others = len(authors) - _MOST_NAMED
    return ", ".join(authors[:_MOST_NAMED]) + (f" and {others} more" if others > 0 else "")


def _day(day: str) -> str:
    year, *rest = day.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*(str(int(each)) for each in rest[1:]), *month, year])
