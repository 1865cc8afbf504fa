"""Numbers and dates by value, as news writes them: "$20bn" is "20 billion dollars", "Jan. 5" is "5 January".

Our own, for want of a library: text2num leaves "1.5 million" and "a dozen" unread, and
word2number takes "1.5 million" for 1,000,000.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")

_TEENS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINAL_TEENS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
)
_SMALL = {word: n for n, word in enumerate(_TEENS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_ORDINALS = {word: n for n, word in enumerate(_ORDINAL_TEENS, 1)} | {"thirtieth": 30}
_SCALES = {"dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_HUNDREDS = frozenset({"hundred", "thousand"})
_SUFFIXES = {"k": "thousand"} | {
    suffix: word
    for word, suffixes in {"million": "m mn", "billion": "b bn", "trillion": "t tn"}.items()
    for suffix in suffixes.split()
}
_UNITS = {
    tuple(words.split()): unit
    for unit, phrases in {
        "%": "%,percent,per cent,pct",
        "$": "dollar,dollars,united states dollars",
        "€": "euro,euros",
        "£": "pounds",
        "¥": "yen",
    }.items()
    for words in phrases.split(",")
}
# Dropped before a number: the figure reported is the same. What is more is not what is less, though.
_HEDGES = {
    tuple(phrase.split()): leaning
    for leaning, phrases in {
        0: "about,around,approximately,roughly,some,just,only,exactly,an estimated,estimated,close to",
        1: "more than,over,at least,above,well over,just over",
        -1: "nearly,almost,less than,fewer than,under,below,up to,as many as,as much as,at most,just under",
    }.items()
    for phrase in phrases.split(",")
}
_HEDGES_BEHIND = {("+",): 1, ("or", "more"): 1, ("or", "so"): 0}
_ARTICLES = frozenset({"a", "an", "the"})
# Longer figures are codes, and beyond Decimal's usual precision.
_FIGURE = re.compile(r"\d{1,15}(?:\.\d{1,9})?")

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NAMED = {name: ("month", n) for n, month in enumerate(_MONTHS, 1) for name in (month, month[:3])}
_NAMED |= {name: ("weekday", n) for n, day in enumerate(_DAYS, 1) for name in (day, day[:3])}
_NAMED |= {"sept": ("month", 9), "tues": ("weekday", 2), "thur": ("weekday", 4), "thurs": ("weekday", 4)}
# Words of their own in lower case.
_CAPITAL_ONLY = frozenset("may march mar dec sun sat wed mon".split())
_NEARER = frozenset("early mid late morning afternoon evening night last next".split())
_BETWEEN = frozenset("on in at of the this".split())
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_NUMBERED = re.compile(r"\b[Nn]o\.\s?(?=\d)")
_TOKEN = re.compile(
    r"""
      (?P<as_is> \b\d{4}-\d\d-\d\d\b | \b\d+(?:/\d+)+\b | \b\d+(?:\.\d+){2,}\b | \b\d+:(?!00\b)\d\d\b )
    | (?P<range> (?<=[\d%])\s?-\s?(?=[$£€¥]?\d) )
    | (?P<minus> (?<!\w)-(?=[$£€¥]?\.?\d) )
    | (?P<currency> (?<!\w)[A-Z]{0,3}[$£€¥] )\s?(?P<sum> FIGURE )(?P<scale> bn|tn|mn|[mkbt] )?(?!\w)
    | (?<!\w)(?P<figure> FIGURE )(?::00)?
      (?: (?: (?P<times> bn|tn|mn ) | (?P<ordinal> st|nd|rd|th ) )? (?!\w) | (?=(?:[ap]m|km|kg|mph)\b) )
    | (?P<word> [%+] | &(?=\s) | [^\W_][^\s!"(),./:;<=>?@\[\]\\^_`{|}~*%-]* )
    """.replace("FIGURE", r"(?: \d{1,3}(?:,\d{3})+(?:\.\d+)? | \d+(?:\.\d+)? | \.\d+ )"),
    re.VERBOSE | re.IGNORECASE,
)


def tokens(text: str) -> list[str]:
    """The text's words as they stand, without points and apostrophes; figures without commas.

    A currency stands before its figure and a suffix is spelled out: "$20bn" is "$ 20 billion".
    """
    found: list[str] = []
    if "." in text:
        text = _NUMBERED.sub("number ", _DOTTED.sub(lambda dotted: dotted.group().replace(".", ""), text))
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "word":
            word = token.removesuffix("'s").replace("'", "")
            found.append("and" if word == "&" else word)
        elif kind in ("as_is", "range", "minus"):
            found.append({"range": "to", "minus": "minus"}.get(kind, token))
        else:
            if match["currency"]:
                found.append(match["currency"].lower().removeprefix("us"))
            figure = (match["figure"] or match["sum"]).replace(",", "")
            found.append(f"{figure}th" if match["ordinal"] else figure)
            if scale := match["scale"] or match["times"]:
                found.append(_SUFFIXES[scale.lower()])
    return found


@dataclass(frozen=True, slots=True)
class Date:
    """The named parts of a date, and words such as "early" or "morning" that say when in it."""

    parts: frozenset[tuple[str, int]]
    nearer: frozenset[str]

    def agrees(self, other: "Date") -> bool:
        """They share a part, and none contradicts: "2022" and "August 2022", not "Tuesday" and "August".

        Where one says more nearly when, all else must be the same: "late January" is not 5 January.
        """
        together = self.parts | other.parts
        if self.parts.isdisjoint(other.parts) or len(dict(together)) < len(together):
            return False
        if self.nearer == other.nearer:
            return True
        return self.parts == other.parts and (self.nearer < other.nearer or other.nearer < self.nearer)


def read_date(words: Sequence[str]) -> Date | None:
    """The date that the words are, all of them; None if they are anything else or more than one."""
    parts: dict[str, int] = {}
    nearer = set()
    found: list[tuple[str, int]] = []
    loose_day = False
    for word in words:
        lower = word.lower()
        if (named := _NAMED.get(lower)) and (word[0].isupper() or lower not in _CAPITAL_ONLY):
            found = [named]
        elif word.isdecimal() and (len(word) < 3 and 1 <= int(word) <= 31):
            found, loose_day = [("day", int(word))], True
        elif word.isdecimal() and len(word) == 4 and 1000 <= int(word) <= 2100:
            found = [("year", int(word))]
        elif lower.endswith("th") and lower[:-2].isdecimal() and len(lower) < 5:
            found = [("day", int(lower[:-2]))]
        elif lower in _ORDINALS:
            found, loose_day = [("day", _ORDINALS[lower])], True
        elif iso := _ISO.fullmatch(word):
            found = list(zip(("year", "month", "day"), map(int, iso.groups()), strict=True))
        elif lower in _NEARER:
            nearer.add(lower)
            continue
        elif lower in _BETWEEN:
            continue
        else:
            return None
        if parts.keys() & dict(found).keys():
            return None
        parts.update(found)
    if not parts or (loose_day and "month" not in parts):
        return None
    return Date(frozenset(parts.items()), frozenset(nearer))


def is_figure(word: str) -> bool:
    """Whether it is a number as ``by_value`` writes them."""
    return word[-1:].isdecimal() and bool(_FIGURE.fullmatch(word.removeprefix("-")))


def by_value(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """The words in lower case, each number one figure with its unit behind it; without articles and hedges.

    With them each number's leaning: 1 where the text says "more than", -1 where "less than", else 0.
    """
    lower = [word.lower() for word in words]
    values: list[str] = []
    leanings: list[int] = []
    at = 0
    while at < len(lower):
        word = lower[at]
        if _SMALL.get(word, 0) >= 20 and (unit := _ORDINALS.get("".join(lower[at + 1 : at + 2]), 10)) < 10:
            values.append(f"{_SMALL[word] + unit}th")
            at += 1
        elif quantity := _quantity(lower, at):
            value, leaning, at = quantity
            values += value
            leanings.append(leaning)
            continue
        elif word in _ORDINALS:
            values.append(f"{_ORDINALS[word]}th")
        # A capital inside is no article: vitamin A.
        elif word not in _ARTICLES or (at and words[at] != word):
            values.append(word)
        at += 1
    return values, leanings


def singular(word: str) -> str:
    """A unit, or any word that is no name, without its plural's ending."""
    if len(word) < 4 or not word.isalpha() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses", "zes")) else word[:-1]


def _quantity(words: Sequence[str], at: int) -> tuple[list[str], int, int] | None:
    """The hedged number with its unit that starts at a word, its leaning, and where it ends."""
    leaning, sign, unit = 0, 1, ""
    while hedge := _phrase(_HEDGES, words, at):
        leaning, at = hedge[0] or leaning, at + hedge[1]
    if words[at : at + 1] == ["minus"]:
        sign, at = -1, at + 1
    if at < len(words) and words[at][-1] in "$£€¥":
        unit, at = words[at], at + 1
    value, end = _number(words, at)
    if value is None:
        return None
    if behind := _phrase(_UNITS, words, end):
        unit, end = unit or behind[0], end + behind[1]
    if more := _phrase(_HEDGES_BEHIND, words, end):
        leaning, end = more[0] or leaning, end + more[1]
    figure = format((sign * value).normalize(), "f")
    return [figure, unit] if unit else [figure], leaning, end


def _number(words: Sequence[str], start: int) -> tuple[Decimal | None, int]:
    """The number that starts at a word, and where it ends; "two hundred and fifty" is one, "two three" two.

    ``group`` is what the next thousand or million multiplies, ``room`` the most that may be added to it.
    """
    at = start
    total, group, room, limit = Decimal(0), Decimal(-1), 999, math.inf
    first = words[at] if at < len(words) else ""
    if first in ("a", "an", "half"):
        at += 2 if first == "half" and words[at + 1 : at + 2] == ["a"] else 1
        if at == len(words) or (words[at] not in _SCALES and (words[at] != "hundred" or first == "half")):
            return None, start
        group, room = Decimal("0.5" if first == "half" else 1), 0
    elif is_figure(first):
        group, room, at = Decimal(first), 0, at + 1
    elif first not in _SMALL or (first == "one" and words[start - 1 : start] == ["no"]):
        return None, start
    while at < len(words):
        word = words[at]
        if word in _SMALL and (group < 0 or 0 < _SMALL[word] <= room):
            group = max(group, Decimal(0)) + _SMALL[word]
            room = 9 if _SMALL[word] >= 20 else 0
        elif word == "hundred" and 0 < group < 100:
            group, room = group * 100, 99
        elif word in _SCALES and group >= 0 and _SCALES[word] < limit:
            limit = _SCALES[word]
            total, group, room = total + group * limit, Decimal(-1), 999
        elif word == "and" and words[at + 1 : at + 3] == ["a", "half"] and group >= 0:
            group, room, at = group + Decimal("0.5"), 0, at + 2
        elif word != "and" or not (
            words[at - 1] in _HUNDREDS and _SMALL.keys() & set(words[at + 1 : at + 2])
        ):
            break
        at += 1
    return total + max(group, Decimal(0)), at


def _phrase(phrases: Mapping[tuple[str, ...], T], words: Sequence[str], at: int) -> tuple[T, int] | None:
    """What stands for the longest phrase that starts at a word, and of how many words it is."""
    for length in range(min(3, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        if phrase in phrases:
            return phrases[phrase], length
    return None
