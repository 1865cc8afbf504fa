"""Where sentences begin and end, as exact character spans.

Rule-based: the libraries that do this either lose the offsets, which every
citation depends on, or load a model, which a question's path must not.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

# Never end a sentence: a name or a number follows.
_TITLES = frozenset(
    "mr mrs ms mx dr prof sen sens rep reps gov govs gen col lt sgt cpl pvt capt cmdr adm maj rev"
    " hon pres amb det insp supt st mt ft messrs fr no nos vs v fig approx dept est".split()
)
# May end a sentence: they do where the next word is one that opens sentences.
_AMBIGUOUS = frozenset(
    "inc ltd co corp plc llc bros jr sr etc al ave blvd rd jan feb mar apr jun jul aug sep sept"
    " oct nov dec mon tue tues wed thu thur thurs fri sat sun ariz calif colo conn del fla ga ill"
    " ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo".split()
)
_OPENERS = frozenset(
    "a after all although an and another any as asked at because before both but by despite during"
    " each even every few following for from given he her here his how however i if in instead it"
    " its last later like many more most much my nearly neither new no nobody none nor not now of"
    " officials on once one only or other others our over police several she since so some still"
    " such than that the their then there these they this those though through to today under until"
    " we what when where whether which while who why with without yet you your".split()
)
# Possessive and anchored at the run's beginning: ten thousand dots must not take quadratic time.
_END = re.compile(r"""(?<![.!?…])[.!?…]++['"”’»)\]]*+(?=[ \t\u00a0\u2009\u202f])|[。！？]++[」』”’）]*+""")
_LINE = re.compile(r"[^\n]+")
_WORD_BEFORE = re.compile(r"[^\s(\[“‘\"'—–-]*$")
_WORD_AFTER = re.compile(r"""\s*(['"“‘«(\[]*)([^\s,.;:!?'"”’)\]]*)""")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences in ``text[start:end]``, in order, as offsets into ``text``.

    A line break always ends a sentence. Spans neither begin nor end with white
    space, do not overlap, and together hold every character that is not white space.
    """
    return list(_spans(text, start, len(text) if end is None else end))


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text, start, end):
        begin = line.start()
        for mark in _END.finditer(text, line.start(), line.end()):
            if _ends_sentence(text, begin, mark, line.end()):
                yield from _trimmed(text, begin, mark.end())
                begin = mark.end()
        yield from _trimmed(text, begin, line.end())


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        yield begin, end


def _ends_sentence(text: str, begin: int, mark: re.Match[str], line_end: int) -> bool:
    if mark.group()[0] in "。！？":
        return True
    after = _WORD_AFTER.match(text, mark.end(), line_end)
    opening, word = (after.group(1), after.group(2)) if after else ("", "")
    if not word:
        return bool(opening) or after is None or after.end() < line_end
    if word[0].islower():
        return False
    if not mark.group().startswith(".") or mark.group().startswith(".."):
        return True
    before_match = _WORD_BEFORE.search(text, max(begin, mark.start() - 40), mark.start())
    before = before_match.group() if before_match else ""
    bare = before.lower()
    if bare in _TITLES:
        return bare in {"no", "v", "st"} and not word[0].isdigit() and word.lower() in _OPENERS
    if bare in _AMBIGUOUS or _DOTTED.fullmatch(before):
        return word.lower() in _OPENERS or (bool(opening) and bare not in _TITLES and len(before) > 1)
    return True


def sentence_around(text: str, start: int, end: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """The span from the beginning of the sentence that holds ``start`` to the end of that of ``end``."""
    held = [span for span in sentence_spans(text, *bounds) if span[1] > start and span[0] < end]
    return (min(held[0][0], start), max(held[-1][1], end)) if held else (start, end)


def sentence_at(spans: list[tuple[int, int]], offset: int) -> int:
    """Index of the last span that starts at or before ``offset`` (−1 if none does)."""
    return bisect_right(spans, offset, key=lambda span: span[0]) - 1
