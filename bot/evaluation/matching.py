"""When a given answer is an accepted one: exact match, F1, and whether one contains the other.

Two ways to compare. SQuAD's (Rajpurkar et al., 2016), to the letter on ASCII text, for exact match and
F1, so that the figures can be set beside others'. And runs of whole words, in which punctuation
separates rather than vanishes ("Biden's" holds "Biden", "US-led" holds "U.S."), for all that is about
containing.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_ASCII_PUNCTUATION = frozenset(string.punctuation)
# Scripts that are written without spaces: each character is a word.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
# "3.4" is one word, or an answer of "1.5 million" would hold "5 million".
_WORD = re.compile(rf"\d+(?:\.\d+)+|[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_ABBREVIATION = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\b)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_LEADING_ARTICLE = re.compile(r"^ (?:a|an|the) (?=\S)")
# An answer that is only part of an accepted one has at least this share of its words.
_SHARE = 1 / 2


def squad_normalised(text: str) -> str:
    """Lower case, without punctuation and symbols, articles and spare space.

    The official script knows ASCII only; here typographic quotes, dashes and currencies
    go the way of the plain ones.
    """
    kept = "".join(char for char in text.lower() if not _is_punctuation(char))
    return " ".join(_ARTICLES.sub(" ", kept).split())


def _is_punctuation(char: str) -> bool:
    return char in _ASCII_PUNCTUATION or (not char.isascii() and unicodedata.category(char)[0] in "PS")


def exact_match(given: str | None, accepted: Iterable[str]) -> bool:
    """Whether the answer is one of the accepted ones after SQuAD's normalisation."""
    if given is None:
        return False
    normalised = squad_normalised(given)
    return any(normalised == squad_normalised(answer) for answer in accepted)


def f1(given: str | None, accepted: Iterable[str]) -> float:
    """The best F1 of the answer's words with those of an accepted one."""
    if given is None:
        return 0.0
    words = squad_normalised(given).split()
    return max((_f1(words, squad_normalised(answer).split()) for answer in accepted), default=0.0)


def _f1(given: Sequence[str], accepted: Sequence[str]) -> float:
    if not given or not accepted:
        return float(given == accepted)
    common = (Counter(given) & Counter(accepted)).total()
    return 2 * common / (len(given) + len(accepted))


def contains(text: str | None, accepted: Iterable[str]) -> bool:
    """Whether an accepted answer stands in the text as a run of whole words."""
    return text is not None and any(_holds(_words(text), _bare(answer)) for answer in accepted)


def is_right(given: str | None, accepted: Iterable[str]) -> bool:
    """Whether the answer is right: what calibration, precision and coverage count.

    It is an exact match, or contains an accepted answer as whole words, or is itself a
    run of whole words of one, with half of its words and all of its figures. Words in
    common are not enough, as they would be for an F1 of one half.
    """
    if given is None:
        return False
    accepted = tuple(accepted)
    return (
        contains(given, accepted)
        or any(_is_most_of(_bare(given), _bare(answer)) for answer in accepted)
        or exact_match(given, accepted)
    )


def _is_most_of(part: str, run: str) -> bool:
    figures = [word for word in run.split() if word[0].isdigit()]
    return (
        _holds(run, part)
        and len(part.split()) >= _SHARE * len(run.split())
        and all(f" {each} " in part for each in figures)
    )


def _holds(run: str, part: str) -> bool:
    return bool(part.strip()) and part in run


def _bare(text: str) -> str:
    """The words without the article in front of them: "the White House" stands in "White House aides"."""
    return _LEADING_ARTICLE.sub(" ", _words(text))


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    """The words of a text with a space around each, so that a run of words is a part of the string."""
    folded = "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)
    )
    # "U.S." is a word, "1,000" a number.
    words = _WORD.findall(_THOUSANDS.sub("", _ABBREVIATION.sub(r"\1", folded)))
    return f" {' '.join(words)} "
