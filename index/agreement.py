"""Whether answers from different articles say the same: equal by value, not letter by letter.

A false agreement makes a wrong answer look confirmed, so what is in doubt does not agree.
"""

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.quantities import Date, by_value, is_figure, read_date, singular, tokens

_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}¡¿«»\u2010-\u2027\u2030-\u205e]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_COMBINING = re.compile("[\u0300-\u036f]+")
# What Unicode does not decompose, or so that another number comes of it.
_FOLDED = str.maketrans(
    dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | {"—": ", ", "½": ".5", "¼": ".25", "¾": ".75", "⁄": "/"}
    | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"}
)
_ALIASES = {
    "US": "United States", "USA": "United States", "UK": "United Kingdom", "EU": "European Union",
    "UN": "United Nations", "UAE": "United Arab Emirates",
}  # fmt: skip
# New York is the city unless the state is named; of Mexico City, Kansas City or Quebec City that is not so.
_SAME = re.compile(r"(?<=\bunited states) of america\b|(?<=\bnew york) city\b|(?<=\bwashington) dc\b")
_COMPANY = frozenset("inc corp corporation co company ltd llc plc".split())

_TITLES = frozenset(
    "president minister premier chancellor secretary senator sen congressman congresswoman representative rep"
    " governor gov mayor speaker leader ambassador judge justice general gen pope cardinal sir lady mr mrs ms"
    " dr professor prof ceo chief chairman director adviser spokesman spokeswoman coach".split()
)
_SEXES = {"mr": 1, "sir": 1, "mrs": -1, "ms": -1, "lady": -1}
_BEFORE_TITLES = _TITLES | frozenset(
    "former ex then late acting interim deputy vice prime foreign first".split()
)
# Those of whom "general" is no name's part: General Motors, China General Nuclear.
_GENERALS = frozenset("attorney solicitor surgeon secretary director major brigadier lieutenant".split())
_PARTICLES = frozenset("al bin da de del della der di du el ibn la le van von".split())
_IN_NAMES = _PARTICLES | {"of", "the", "for"}
# "Xi" is Xi Jinping, though "Joe" is not Joe Biden.
_FAMILY_FIRST = frozenset("chen kim li liu mao nguyen wang xi yoon zhang".split())
# No person's first or last word: Virginia is not West Virginia, nor the Department the State Department.
_NOT_FIRST = frozenset(
    "ac after air american atletico baja bayern before black british cape central democratic east eastern el"
    " equatorial fc federal fort french from general good great greater her his inner inter international"
    " lake las latin liberal los lower miss mount national new north northern old outer papua port radio real"
    " red royal saint san santa social south southern st super supreme team united upper west western white"
    " world".split()
)
_NOT_LAST = _TITLES | frozenset(
    "act administration agency airport army association authority award bank bill bowl bridge center"
    " church city college commission committee congress council county court cup department empire federation"
    " force forces friday fund games government group hospital house island islands jr journal kingdom league"
    " ministry monday museum navy news office organization park partnership party police post prize product"
    " republic revolution rights river saturday school sea senate series service show society sr state states"
    " street sunday thursday times tuesday union united university war watch wednesday".split()
)
# With these, words beside a name or number add to it or take from it.
_ADDING = frozenset("and or but plus with than to his her their my our no not non never nor without".split())
# A number before these counts something else: two thirds, 5 in 10, 1 p.m., 300 more.
_NOT_UNITS = frozenset("of in out half third quarter fifth sixth eighth tenth more less fewer am pm".split())


def normalised(answer: str) -> str:
    """The answer as SQuAD compares it (Rajpurkar et al. 2016), with diacritics folded.

    Lower case, no punctuation, no articles, single blanks. "$5" and "5%" come out the same:
    this is for measuring against gold answers, ``agree`` for telling whether two are one.
    """
    bare = _ARTICLES.sub(" ", _PUNCTUATION.sub("", unicodedata.normalize("NFKC", _folded(answer)).lower()))
    return " ".join(bare.split())


def agree(one: str, other: str) -> bool:
    """Whether two answers to the same question say the same; blank ones never do.

    "$20bn" and "20 billion dollars", "Jan. 5" and "5 January 2024", "Biden" and "President
    Joe Biden"; not "8 years" and "8 people", "Jill Biden" and "Joe Biden".
    """
    return _agree(_form(one), _form(other))


def clusters(answers: Sequence[str]) -> list[int]:
    """For each answer the number of its cluster, from 0 in order of first appearance.

    Agreement is not transitive: "Biden" agrees with "Joe Biden" and with "Jill Biden". So an
    answer joins the earliest cluster all of whose members it agrees with; give the best
    answers first, and what is ambiguous goes to the better.
    """
    numbers: list[int] = []
    members: defaultdict[int, list[_Form]] = defaultdict(list)
    holding: defaultdict[str, set[int]] = defaultdict(set)
    for form in map(_form, answers):
        near = sorted(set().union(*(holding[key] for key in form.keys)))
        number = next((n for n in near if all(_agree(form, other) for other in members[n])), len(members))
        if form not in members[number]:
            members[number].append(form)
            for key in form.keys:
                holding[key].add(number)
        numbers.append(number)
    return numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """An answer by value.

    Two agree by words where they have a spelling in common, or one's spelling is a short
    form of the other; two short forms prove nothing. ``leanings`` are those of a title (a
    woman's, a man's) and of each number; opposite ones contradict. Without a key in common
    there is no agreement of any kind.
    """

    core: str
    spellings: frozenset[str]
    shorts: frozenset[str]
    date: Date | None
    number: str | None
    unit: tuple[str, ...]
    leanings: tuple[int, ...]
    keys: frozenset[str]


def _agree(one: _Form, other: _Form) -> bool:
    if one.keys.isdisjoint(other.keys):
        return False
    if any(a * b < 0 for a, b in zip(one.leanings, other.leanings, strict=False)):
        return False
    if one.date and other.date and one.date.agrees(other.date):
        return True
    if one.number is not None and one.number == other.number and _same_unit(one.unit, other.unit):
        return True
    return bool(one.spellings & (other.spellings | other.shorts) or one.shorts & other.spellings)


def _same_unit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one unit is the other, or goes on where it ends: "8", "8 years", "8 years in prison"."""
    short, long = sorted((one, other), key=len)
    more = long[len(short) :]
    if long[: len(short)] != short or (not short and not _NOT_UNITS.isdisjoint(more[:1])):
        return False
    return not any(word in _ADDING or word[-1].isdecimal() for word in more)


@lru_cache(maxsize=4096)
def _form(answer: str) -> _Form:
    text = _folded(answer).strip().replace(" (", ", ")
    words = _words(text)
    date = read_date(words)
    head, _, tail = text.partition(", ")
    shorts: set[str] = set()
    if date is None and (beside := _words(tail)) and _beside(_words(head), beside):
        if not _named(beside):
            return _form(head)
        if "," not in tail.rstrip(","):
            shorts.update(_form(head).spellings)
    words = _without_lead(words)
    plain = _ADDING.isdisjoint(map(str.lower, words))
    words, leaning = _without_title(words) if plain else (words, 0)
    if len(words) > 1 and words[-1].lower() in _COMPANY and words[-1][0].isupper():
        words = words[:-1]
    values, leanings = by_value(words)
    core = _SAME.sub("", " ".join(values)) or (text or answer.strip()).lower()
    spellings = {core} if _named(words) else {core, _SAME.sub("", " ".join(map(singular, values)))}
    if plain and not tail and not leanings and _personal(words):
        shorts.update(" ".join(values[at:]) for at in range(1, len(values)))
        if words[0].lower() in _FAMILY_FIRST:
            shorts.add(values[0])
    # "Five Guys" counts nothing, and "2022" is a year, though "2,022" need not be.
    title = len(words) > 1 and words[0].isalpha() and words[0][0].isupper() and words[1][0].isupper()
    counts = not title and (not date or ("," in text and len(date.parts) == 1))
    number = values[0] if counts and values and is_figure(values[0]) else None
    keys = {*shorts, *spellings, f"#{number}" if number else ""}
    keys.update(f"{part}#{n}" for part, n in (date.parts if date else ()))
    return _Form(
        core=core,
        spellings=frozenset(spellings - {""}),
        shorts=frozenset(shorts),
        date=date,
        number=number,
        unit=tuple(map(singular, values[1:])),
        leanings=(leaning, *leanings),
        keys=frozenset(keys - {""}),
    )


def _folded(text: str) -> str:
    if text.isascii():
        return text
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.translate(_FOLDED))).translate(_FOLDED)


def _words(text: str) -> list[str]:
    return [part for word in tokens(text) for part in _ALIASES.get(word, word).split()] if text else []


def _beside(head: Sequence[str], tail: Sequence[str]) -> bool:
    """Whether what follows the comma only says more of the name before it: where it is, or who."""
    if not 0 < len(head) <= 6 or not _named(head) or tail[0] in ("Jr", "Sr", "II", "III"):
        return False
    dated = read_date(head) and any(word[0].isdecimal() for word in tail)
    return not dated and _ADDING.isdisjoint(map(str.lower, tail))


def _without_lead(words: list[str]) -> list[str]:
    """The words without a preposition at the head, unless it is what the answer says: "by Tuesday"."""
    if len(words) > 1 and words[0] in ("in", "on", "at", "by", "for") and words[1] not in ("least", "most"):
        words = words if words[0] in ("by", "for") and read_date(words[1:]) else words[1:]
    return words[1:] if len(words) > 1 and words[0] in ("the", "The") else words


def _without_title(words: list[str]) -> tuple[list[str], int]:
    """A person's name without the titles and roles before it, and the leaning of the last of them."""
    for at in range(len(words) - 2, -1, -1):
        title = words[at].lower()
        if title not in _TITLES or (title == "general" and words[at - 1].lower() not in _GENERALS):
            continue
        name = words[at + (3 if words[at + 1 : at + 3] in (["of", "State"], ["of", "Defense"]) else 1) :]
        if _personal(name) and all(w[0].isupper() or w.lower() in _BEFORE_TITLES for w in words[:at]):
            return name, _SEXES.get(title, 0)
        break
    return words, 0


def _named(words: Sequence[str]) -> bool:
    """Whether it is written as a name."""
    return bool(words) and all(word[0].isupper() or word in _IN_NAMES for word in words)


def _personal(words: Sequence[str]) -> bool:
    """Whether it can be a person's name, of which the last words alone name the same person."""
    capitals = sum(word[0].isupper() for word in words)
    if not 1 <= capitals <= 3 or not all(word[0].isupper() or word in _PARTICLES for word in words):
        return False
    first, last = words[0], words[-1]
    acronym = len(words) > 1 and len(first) > 2 and first.isupper()
    return not acronym and len(last) > 1 and last.lower() not in _NOT_LAST and first.lower() not in _NOT_FIRST
