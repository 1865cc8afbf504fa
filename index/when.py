"""What day, month or year the words of a "when" answer name, told from the day they were written.

Exact or silent. What leans on more than its sentence ("two days later", "that Tuesday")
and what two writers use for two dates ("last Friday" on a Sunday, "two years ago") is
not resolved; see docs/decisions/0009-relative-dates.md.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from index import date_context as context
from index.calendar_words import Period, month_number, months, named, one_day, read, years
from index.date_forms import CLOCK, FORMS, MONTH, YEAR
from index.date_forms import has_date as has_date
from index.tense import follows_the_event, tense_at

# Characters that are looked at, each side of the words.
_NEAR = 300

# What may stand beside a date in the answer's words and leaves its day alone.
_FILLER = re.compile(
    rf"(?:[\s,;.()—–-]++|(?:{CLOCK}|on|in|at|by|since|until|till|from|through|during|as of|the|an?|early"
    r"|late|earlier|later|mid|just|only|again|between|over|morning|afternoon|evening|night|lunchtime|the year"
    r"|(?:the\s+)?(?:night|morning|evening|afternoon|end|start|beginning|middle|rest|course) of)"
    r"(?![\w’'])){0,30}+",
    re.IGNORECASE,
)
# "sworn in on July 1", but not "two days after".
_VERB = re.compile(
    r"(?:(?!(?:(?:day|week|month|year|hour|minute)s?|before|after|about|around|not|never|or|nor|as|than|every|each)\b)"
    r"[a-z]+\s+){1,3}(?=(?:on|in|at|since|from|until|by|early|late)\b)"
)
# "Sunday's election", "the 2014 season".
_EVENT = re.compile(r"(?:['’]s|(?<=\d)(?!\s+(?:or|and|to|onwards?)\b)(?=\s))(?:\s+[a-z]+){0,2}")
_BETWEEN = re.compile(r",?\s*(?P<by>-|–|—|\b(?:to|through|until|till|and)\b)\s*(?:(?:on|in|early|late)\s+)?")
_DATELINE = re.compile(
    rf"(?P<place>[A-Z][\w .'’/-]{{1,40}}?(?:,[\w .'’/-]{{1,40}}?)?),?\s+"
    rf"(?:(?P<month>{MONTH}"
    r"|(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?)"
    rf"\s+(?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})\s+(?P<month2>{MONTH}))"
    rf"(?:,?\s+(?P<year>{YEAR}))?(?P<agency>\s*(?:\([^()]{{1,40}}\)|/[^/]{{1,40}}/)\.?)?\s*(?:—|–|--|-\s)"
)


def resolve(words: str, sentence: str, anchor: date | None, *, start: int | None = None) -> str | None:
    """The date that ``words`` of ``sentence`` name, in ISO 8601, if they can mean one only; else None.

    ``anchor`` is the day the article was written (``written_on``); without it only
    dates with a year are resolved. ``start`` is where in the sentence the words stand;
    without it they must mean the same wherever they do.

    The result is as fine as the words, never finer:

    * a day ``2024-01-30``, a month ``2023-11``, a year ``2022``;
    * an interval of days, both included (``2024-01-22/2024-01-28``: weeks run from
      Monday to Sunday, weekends are two days, "earlier this week" ends with the anchor,
      "two weeks ago" is the seven days around that day);
    * of months (``2024-01/2024-03``: quarters of the calendar year; "spring 2023" is
      March to May, as in the meteorology of the north) or of years (``1990/1999``).

    "by", "until", "since", "early" and the like are left to the words: "until June 2025"
    is ``2025-06``. With "before", "after" and "about" there is no date.
    """
    if not has_date(words):
        return None
    if start is not None:
        places = [start] if sentence.startswith(words, start) else []
    else:
        places = [each.start() for each in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", sentence)]
    if not places:
        sentence, places = words, [0]
    try:
        found = {_resolve_at(sentence, each, each + len(words), anchor) for each in places[:20]}
    except (OverflowError, ValueError):  # beyond the calendar's ends
        return None
    only = found.pop()
    return str(only) if only and not found else None


@dataclass(frozen=True, slots=True)
class _Found:
    """A date expression where it stands in a sentence; ``kind`` as in ``FORMS``."""

    kind: str
    match: re.Match[str]

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    def __getitem__(self, name: str) -> str | None:
        return self.match.groupdict().get(name)


def _expressions(sentence: str, start: int, end: int) -> list[_Found]:
    """Those near ``start:end``; where several overlap, the first and longest."""
    low, high = max(0, start - _NEAR), end + _NEAR
    found = (_Found(kind, match) for kind, form in FORMS for match in form.finditer(sentence, low, high))
    kept: list[_Found] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _resolve_at(sentence: str, start: int, end: int, anchor: date | None) -> Period | None:
    near = _expressions(sentence, start, end)
    found = [each for each in near if each.start < end and start < each.end]
    if not 1 <= len(found) <= 2:
        return None
    before, after = sentence[start : found[0].start], sentence[found[-1].end : end]
    if (found[-1]["weekday"] or found[-1]["year"]) and _EVENT.fullmatch(sentence, found[-1].end, end):
        after = ""
    if lead := _VERB.match(before):
        before = before[lead.end() :]
    if not _FILLER.fullmatch(before) or not _FILLER.fullmatch(after):
        return None
    if len(found) == 2:
        return _range(sentence, found[0], found[1], anchor)
    date_found = found[0]
    partner = next((each for each in near if each.start >= date_found.end), None)
    if partner and (link := _BETWEEN.fullmatch(sentence, date_found.end, partner.start)):
        if _is_working_week(date_found, partner, link):
            return None
        if partner["year"] and not date_found["year"] and date_found.kind == partner.kind == "named":
            both = _range(sentence, date_found, partner, anchor)
            first = both and (
                months(both.first.year, both.first.month) if both.unit == "month" else one_day(both.first)
            )
            return _as_fine_as_the_words(first, date_found, start, end)
    return _as_fine_as_the_words(_period(sentence, date_found, anchor), date_found, start, end)


def _as_fine_as_the_words(period: Period | None, found: _Found, start: int, end: int) -> Period | None:
    """Of "January 12, 2019" the word "January" names no day, of "Nov. 3-5" "Nov. 3" names one."""
    if period is None:
        return None
    spans = {name: found.match.span(name) for name, value in found.match.groupdict().items() if value}
    inside = {name for name, (first, last) in spans.items() if first < end and start < last}
    if found.kind == "two days" and "last" in inside:
        return period
    if found.kind in {"named", "two days"}:
        if inside & {"day", "weekday", "holiday"} or period.unit == "year":
            return one_day(period.first) if found.kind == "two days" else period
        if inside & {"month", "number"}:
            return months(period.first.year, period.first.month)
        return years(period.first.year) if "year" in inside else None
    if found.kind == "two years":
        return period if "last" in inside else years(period.first.year)
    if found.kind == "part" and inside == {"year"}:
        return years(period.first.year)
    return period


def _period(sentence: str, found: _Found, anchor: date | None) -> Period | None:
    """What one expression names where it stands."""
    left, right = sentence[max(0, found.start - 60) : found.start], sentence[found.end : found.end + 60]
    if context.is_approximate(left):
        return None
    if found["year"] or found.kind == "decade":
        return read(found.kind, found.match, None, None) if _is_year(found, left, right) else None
    if anchor is None or context.is_quoted(sentence, found.start) or context.is_elsewhere(right):
        return None
    tense = tense_at(sentence, found.start, found.end)
    if found.kind not in {"named", "two days"}:
        counts = found["which"] or found["unit"]
        if counts and (re.search(r"\b[Tt]he\s+$", left) or context.is_one_of_its(right)):
            return None
        return read(found.kind, found.match, anchor, tense)
    if re.match(r"['’]s\b", right):
        done = found["weekday"] and follows_the_event(sentence, found.start)
        return read(found.kind, found.match, anchor, "past") if done else None
    if context.is_one_of_many(left) or (found["which"] and context.is_one_of_its(right)):
        return None
    if found["weekday"] and not found["month"]:
        return read(found.kind, found.match, anchor, tense)
    bare_month = not (found["day"] or found["which"] or found["of"] or found["holiday"])
    if (bare_month and not context.is_month(left)) or context.is_yearly(sentence):
        return None
    period = read(found.kind, found.match, anchor, tense)
    # "In 2015 he … and in March": the year may be that one.
    return period if period and context.years_in(sentence) <= {period.first.year} else None


def _is_year(found: _Found, left: str, right: str) -> bool:
    """Whether its year is one; beside a month it is."""
    bare = found.kind == "named" and not (found["month"] or found["number"] or found["holiday"])
    return not bare or context.is_year(int(found["year"] or 0), left, right)


def _is_working_week(first: _Found, last: _Found, link: re.Match[str]) -> bool:
    """ "Monday through Friday", which is every week's."""
    return (
        first["weekday"] == "Monday"
        and last["weekday"] in {"Friday", "Saturday", "Sunday"}
        and link["by"] != "and"
    )


def _range(sentence: str, first: _Found, last: _Found, anchor: date | None) -> Period | None:
    """ "from Monday to Wednesday", "between 2019 and 2021", "Saturday and Sunday"."""
    link = _BETWEEN.fullmatch(sentence, first.end, last.start)
    if {first.kind, last.kind} != {"named"} or link is None or _is_working_week(first, last, link):
        return None
    left = sentence[max(0, first.start - 60) : first.start]
    if context.is_approximate(left):
        return None
    begin, end = (
        _dated_ends(sentence, first, last) if last["year"] else _yearless_ends(sentence, first, last, anchor)
    )
    if begin is None or end is None or begin.unit != end.unit or begin.last >= end.first:
        return None
    apart = end.first - begin.last > timedelta(days=1)
    if link["by"] == "and" and apart and not re.search(r"\b[Bb]etween\s+$", left):
        return None
    return Period(begin.first, end.last, begin.unit)


def _dated_ends(sentence: str, first: _Found, last: _Found) -> tuple[Period | None, Period | None]:
    left, between = sentence[max(0, first.start - 60) : first.start], sentence[first.start : last.start]
    if not _is_year(last, between, sentence[last.end : last.end + 60]):
        return None, None
    end = named(last.match, None, None)
    if first["year"]:
        return (named(first.match, None, None) if _is_year(first, left, "-") else None), end
    # "from November to January 2023" began in the year before.
    return (named(first.match, end.last, "past") if end and not first["which"] else None), end


def _yearless_ends(
    sentence: str, first: _Found, last: _Found, anchor: date | None
) -> tuple[Period | None, Period | None]:
    left, right = sentence[max(0, first.start - 60) : first.start], sentence[last.end : last.end + 60]
    if anchor is None or context.is_quoted(sentence, first.start) or context.is_one_of_many(left):
        return None, None
    if context.is_elsewhere(right) or re.match("['’]s", right):
        return None, None
    if any(each[name] for each in (first, last) for name in ("which", "of", "year")):
        return None, None
    if not last["weekday"] and (context.is_yearly(sentence) or context.years_in(sentence)):
        return None, None
    tense = tense_at(sentence, first.start, last.end)
    if tense == "past":  # and over: not from yesterday to tomorrow
        end = named(last.match, anchor, tense)
        begin = named(first.match, end.first, tense) if end else None
        return (begin if begin == named(first.match, anchor, tense) else None), end
    begin = named(first.match, anchor, tense)
    end = named(last.match, begin.last, tense) if begin else None
    return begin, (end if end == named(last.match, anchor, tense) else None)


def written_on(text: str, published: date | None) -> date | None:
    """The day on which an article was written, as far as its dateline and ``published`` tell.

    A dateline's date counts where it lies from a week before to a day after
    ``published``, which settles its year; without a dateline's date it is ``published``.
    Where the two contradict each other, it is not known.
    """
    for line in text[:1000].split("\n"):
        match = _DATELINE.match(line.strip())
        if match and (match["agency"] or match["place"].partition(",")[0].isupper()):
            return _date_of(match, published)
    return published


def _date_of(match: re.Match[str], published: date | None) -> date | None:
    month, day = month_number(match["month"] or match["month2"]), int(match["day"] or match["day2"])
    known = [int(match["year"])] if match["year"] else []
    near = [published.year + shift for shift in (-1, 0, 1)] if published else []
    for year in known or near:
        try:
            written = date(year, month, day)
        except ValueError:
            continue
        if published is None or -1 <= (published - written).days <= 7:
            return written
    return None
