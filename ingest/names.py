"""Whether a few words are the name of a person or of an outlet."""

import re

_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
PARTICLES = frozenset("al bin da das de del della den der di dos du el ibn la le ten ter van von y".split())
# What a line may begin with after "By" that is no byline: "By Tuesday", "By The Numbers".
_NO_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march july september october"
    " november december spring fall winter christmas easter noon midnight morning evening night a all an any"
    " contrast comparison definition design far law most now some that the then there these this those today"
    " tomorrow yesterday".split()
)
_NAMES_AND_TIMES = frozenset("april may june august summer autumn".split())
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_OUTLET_WORD = re.compile(
    r"\b(?:news|times|post|wire|press|agency|reuters|radio|journal|tribune|herald|gazette|guardian|telegraph"
    r"|chronicle|courier|examiner|observer|dispatch|inquirer|sentinel|ledger|bulletin|bloomberg|network|broadcasting|television|tv|magazine|xinhua|today|newsroom)\b",
    re.IGNORECASE,
)


def is_outlet(name: str) -> bool:
    """Whether a name is an outlet's rather than a person's: RFA, The Harbour Times."""
    return bool(_ACRONYM.fullmatch(name) or (_OUTLET_WORD.search(name) and len(name.split()) <= 6))


def is_name(name: str) -> bool:
    """Whether this looks like a person's name: one to five words, written as names are."""
    words = name.replace(",", "").split()
    if not 1 <= len(words) <= 5 or not all(map(_NAME_WORD.fullmatch, words)):
        return False
    first = words[0].lower()
    if first in _NO_NAMES or (first in _NAMES_AND_TIMES and len(words) == 1):
        return False
    return not words[-1].islower() and all(not word.islower() or word in PARTICLES for word in words)
