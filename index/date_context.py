"""What the words beside a date say against reading it as written: one of many, a name, a quote, a number."""

import re

from index.date_forms import YEAR

_APPROXIMATE = re.compile(
    r"\b(?:about|around|almost|nearly|roughly|circa|approximately|more than|less than|at least|some|up to"
    r"|before|as (?:early|late|soon) as|(?:no|not) later than|just (?:over|under)"
    r"|fiscal(?: year)?|FY|class of|Agenda|Vision)\s+$",
    re.IGNORECASE,
)
# Before a weekday or a month: one of many, somebody's, or a name.
_NOT_THAT_ONE = re.compile(
    r"(?:\b(?:every|each|any|some|another|an?|one|the|that|those|these|first|second|third|fourth|fifth"
    r"|following|previous|other|alternate|most|many|typical|his|her|its|their|our|my|to-last|Super|Black"
    r"|Good|Ash|Palm|Easter|Cyber|Giving|Fat|Bloody|Holy|Shrove|Maundy|Selection|\d+(?:st|nd|rd|th))|['’]s"
    r"|s['’])\s+$|\b(?:weeks?|months?|years?|days?|fortnight) (?:from|before|after|ago)?(?: (?:last|next|on"
    r"|this))?\s*$"
)
_ELSEWHERE = re.compile(
    r"[\s,]*(?:(?:an?|one|two|three|four|five|six|\d+) (?:days?|weeks?|months?|years?) (?:ago|earlier|later"
    r"|from)\b|(?:(?:of|in|during)\s+)?(?:that|the (?:same|following|previous|next))"
    r" (?:year|month|week|weekend)\b|(?:Night|Morning) (?:Football|Live|Baseball|Raw|Lights)"
    r"|(?:Times|Telegraph|Mirror|Express|Mail|Post|Mass)\b"
    r"|(?:night |morning |afternoon )?(?:schedule|service|hours|edition)s?\b"
    r"|(?:morning|afternoon|evening|night)s\b"
    r"|the \d|after next|before last|fortnight\b|week\b|(?:or|nor)\b)"
)
_ONE_OF_ITS = re.compile(r"\s+(?:of|in)\s+(?!last\b|this\b|next\b)")
_YEARLY = re.compile(
    r"\b(?:annual|annually|anniversary|birthday|born|(?:every|each|that|the same|the following|the previous)"
    r" year|(?:following|previous|next) day)\b",
    re.IGNORECASE,
)
_MONTH_IN = re.compile(
    r"\b(?:in|since|by|until|till|from|through|during|between|and|to|early|late|earlier|later|mid|(?:end"
    r"|start"
    r"|beginning|middle|half|rest|course|days|weeks|week|month|part) of)[\s-]+$",
    re.IGNORECASE,
)
_YEAR_IN = re.compile(
    r"(?:\b(?:(?P<sure>in|since|early|late|mid|during|until|till|(?:end|start|beginning|middle|half|rest"
    r"|course|part|season) of)|by|from|through|between|and|to|an?|the|this|his|her|its|their|the year"
    r"|as of)[\s-]+"
    r"(?:the\s+)?|['’]s\s+|(?P<aside>[(–—]\s*))$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s*(?:B\.?C|[a-z]*(?<!s)s\b(?<!\bwas)(?<!\bhas)(?<!\bits)(?<!\bhis)(?<!\bas)|(?:people|men|women|feet"
    r"|km)\b)"
)
_SOME_YEAR = re.compile(rf"(?<![\w$£€’'/.,-]){YEAR}(?!\w)")


def is_approximate(left: str) -> bool:
    """ "about 1590", "before Friday", "as early as Monday", "fiscal 2024": no date, or not that one."""
    return _APPROXIMATE.search(left) is not None


def is_elsewhere(right: str) -> bool:
    """ "Friday two weeks ago", "November of that year", "Sunday Times", "Monday or Tuesday"."""
    return _ELSEWHERE.match(right) is not None


def is_one_of_many(left: str) -> bool:
    """ "every Monday", "the first Tuesday", "Black Friday", "a week from Thursday"."""
    return _NOT_THAT_ONE.search(left) is not None


def is_one_of_its(right: str) -> bool:
    """ "the last week of January"."""
    return _ONE_OF_ITS.match(right) is not None


def is_yearly(sentence: str) -> bool:
    """Whether the sentence is about what comes back, or about another year than the one it was written in."""
    return _YEARLY.search(sentence) is not None


def years_in(sentence: str) -> set[int]:
    """All that may be years."""
    return {int(each.group()) for each in _SOME_YEAR.finditer(sentence)}


def is_month(left: str) -> bool:
    """Whether a month's bare name is the month: "in March", not "the March on Washington"."""
    return _MONTH_IN.search(left) is not None


def is_year(year: int, left: str, right: str) -> bool:
    """Whether four digits are a year: "in 2022", "the 2014 season", not "2000 troops"."""
    if not left.strip() and not right.strip(" ."):
        return 1900 <= year < 2100
    lead = _YEAR_IN.search(left)
    if lead is None or _COUNTED.match(right):
        return False
    return bool(lead["sure"] or lead["aside"]) or 1900 < year < 2100


def is_quoted(sentence: str, start: int) -> bool:
    """Whether somebody says it, who may have said it on another day."""
    left, right = sentence[:start], sentence[start:]
    if left.rfind("“") > left.rfind("”") or left.count('"') % 2:
        return True
    return "”" in right and not 0 <= right.find("“") < right.find("”")
