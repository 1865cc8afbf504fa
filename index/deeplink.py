"""Links that open an article at the quote and highlight it there.

The form is that of the WICG draft "URL Fragment Text Directives":
``#:~:text=[prefix-,]start[,end][,-suffix]``. A browser takes the first place in the
page that fits, so a directive is tried out on the article before it is given away.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from index.types import Article

_Term = tuple[int, int]

# Above this a quote is named by its beginning and its end.
_MAX_WHOLE = 100
# Above this it is never named whole: a "word" may be a megabyte long.
_MAX_TERM = 1000
# How long the beginning and the end are: as short as is unambiguous. 32 columns are five or six words.
_COLUMNS = (32, 48, 64, 96, 128, 192)
_CONTEXT = (12, 24, 48, 96, 192)
# How much longer in a script without spaces, to end at a mark: all browsers see a word end there.
_SEARCH_MARK = 24
# Places looked at in one article: "a a a a …" would otherwise take quadratic time.
_MAX_PLACES = 2000

# Where scripts without spaces begin and end: Thai to Burmese, Khmer, kana, bopomofo and Han. Looked up
# rather than compiled into patterns, which takes longer than making a link.
_SPACELESS = "\u0e00\u10a0\u1780\u1800\u3000\u3130\u3400\u4dc0\u4e00\ua000\uf900\ufb00\U00020000\U00040000"


def deep_link(article: Article, start: int, end: int) -> str:
    """A link to ``article.text[start:end]``: its URL with a text directive, ``path:line``, or "".

    A quote that begins or ends inside a word is widened to the whole word. The link is
    the bare URL where no directive can tell the quote from other words of the article;
    where the same words stand elsewhere too, it may lead there.
    """
    if article.url:
        url = article.url.partition("#")[0]
        directive = _directive(article.text, start, end)
        return f"{url}#:~:text={directive}" if directive else url
    if not article.path:
        return ""
    line = article.line_at(start)
    return article.path if line is None else f"{article.path}:{line}"


@dataclass(frozen=True, slots=True)
class _Directive:
    """Its terms, as spans of the article's text."""

    start: _Term
    end: _Term | None = None
    prefix: _Term | None = None
    suffix: _Term | None = None

    def encoded(self, text: str) -> str:
        terms = [_encoded(text, term) for term in (self.start, self.end) if term]
        if self.prefix:
            terms.insert(0, _encoded(text, self.prefix) + "-")
        if self.suffix:
            terms.append("-" + _encoded(text, self.suffix))
        return ",".join(terms)


def _encoded(text: str, term: _Term) -> str:
    words = " ".join(text[term[0] : term[1]].split())
    # A dash is unreserved in URLs, but means prefix or suffix in a directive.
    return percent_encode(words, safe="", errors="replace").replace("-", "%2D")


def _directive(text: str, start: int, end: int) -> str | None:
    folded = text.translate(_FOLD)
    quote = _whole_words(folded, start, end)
    if quote is None:
        return None
    wanted = folded[slice(*quote)].split()
    same_words: _Directive | None = None
    for candidate in _candidates(folded, quote):
        place = _resolve(folded, candidate)
        if place == quote:
            return candidate.encoded(text)
        if same_words is None and place and folded[slice(*place)].split() == wanted:
            same_words = candidate
    return same_words.encoded(text) if same_words else None


class _Fold(dict[int, int]):
    """Maps a character to what browsers compare by, case and accents aside; one to one, so offsets hold."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        self[code] = code
        if char.isspace():
            self[code] = ord("\n" if char == "\n" else " ")
        parts = unicodedata.normalize("NFKD", char)
        if parts[0].isalpha() and all(map(unicodedata.combining, parts[1:])):
            lower = parts[0].casefold()
            self[code] = ord(lower if len(lower) == 1 else parts[0])
        return self[code]


_FOLD = _Fold(str.maketrans("‘’‚‛“”„‟", "''''" + '""""'))


def _whole_words(folded: str, start: int, end: int) -> _Term | None:
    words = folded[start:end].lstrip()
    start, end = end - len(words), end - len(words) + len(words.rstrip())
    if not words:
        return None
    while start > 0 and end - start <= _MAX_TERM and not _is_boundary(folded, start):
        start -= 1
    while end < len(folded) and end - start <= _MAX_TERM and not _is_boundary(folded, end):
        end += 1
    return start, end


def _is_spaceless(char: str) -> bool:
    return bisect_right(_SPACELESS, char) % 2 == 1


def _is_boundary(folded: str, at: int) -> bool:
    """A superset of the word boundaries that browsers know: what is unique within it is unique for them."""
    around = folded[at - 1 : at + 1] if at else ""
    if len(around) < 2:
        return True
    in_word = all(char.isalpha() or char.isdecimal() or char == "_" for char in around)
    on_mark = unicodedata.category(around[1]).startswith("M")
    return not on_mark and (not in_word or any(map(_is_spaceless, around)))


def _candidates(folded: str, quote: _Term) -> Iterator[_Directive]:
    """Directives for the quote, the plainest first."""
    plain: list[_Directive] = []
    # A directive's term is looked for within one block of the page, and a line break may be the end of one.
    one_block = "\n" not in folded[slice(*quote)]
    length = quote[1] - quote[0]
    for columns in () if one_block and length <= _MAX_WHOLE else _COLUMNS:
        head = quote[0], _reach(folded, *quote, columns)
        tail = _reach(folded, quote[1], quote[0], columns), quote[1]
        if head[1] < tail[0]:
            plain.append(_Directive(head, tail))
    if one_block and length <= _MAX_TERM:
        plain.append(_Directive(quote))
    yield from plain
    for columns in _CONTEXT if plain else ():
        prefix, suffix = _before(folded, quote[0], columns), _after(folded, quote[1], columns)
        for each in dict.fromkeys((plain[0], plain[-1])):
            for context in ((prefix, None), (None, suffix), (prefix, suffix)):
                yield _Directive(each.start, each.end, *context)


def _before(folded: str, at: int, columns: int) -> _Term | None:
    end = len(folded[:at].rstrip())
    return (_reach(folded, end, 0, columns), end) if end else None


def _after(folded: str, at: int, columns: int) -> _Term | None:
    start = len(folded) - len(folded[at:].lstrip())
    return (start, _reach(folded, start, len(folded), columns)) if start < len(folded) else None


def _reach(folded: str, fixed: int, limit: int, columns: int) -> int:
    """How far a term of whole words, at least ``columns`` wide, goes from ``fixed`` towards ``limit``."""
    step = 1 if fixed < limit else -1
    width = 0
    for at in range(fixed, limit, step)[:_MAX_TERM]:
        char = folded[min(at, at + step)]
        if char == "\n" or (at != fixed and _may_cut(folded, at, width - columns)):
            return at
        width += 2 if _is_spaceless(char) else 1
    return limit


def _may_cut(folded: str, at: int, beyond: int) -> bool:
    """Whether a term may end or begin at ``at``, ``beyond`` columns after the least width."""
    if beyond < 0:
        return False
    before, after = folded[at - 1], folded[at]
    if before == " " or after == " ":
        return True
    if not (_is_spaceless(before) or _is_spaceless(after)) or not _is_boundary(folded, at):
        return False
    return beyond >= _SEARCH_MARK or not (before.isalnum() and after.isalnum())


class _Search:
    """Looks for a term of a directive, word by word."""

    def __init__(self, folded: str, term: _Term, starts_word: bool, ends_word: bool) -> None:
        self._text = folded
        self._words = re.compile(" +".join(map(re.escape, folded[slice(*term)].split())))
        self._bounds = [re.Match.start] * starts_word + [re.Match.end] * ends_word

    def first(self, at: int, places: Iterator[int]) -> _Term | None:
        """The first place from ``at`` on."""
        for _ in places:
            found = self._words.search(self._text, at)
            if not found or self._fits(found):
                return found.span() if found else None
            at = found.start() + 1
        return None

    def next_to(self, at: int) -> _Term | None:
        """The place at ``at``, white space aside."""
        while self._text[at : at + 1].isspace():
            at += 1
        found = self._words.match(self._text, at)
        return found.span() if found and self._fits(found) else None

    def _fits(self, found: re.Match[str]) -> bool:
        return all(_is_boundary(self._text, bound(found)) for bound in self._bounds)


def _resolve(folded: str, directive: _Directive) -> _Term | None:
    """The place that a browser goes to: the draft's "find a range from a text directive"."""
    ends_word = directive.end is not None or directive.suffix is None
    start = _Search(folded, directive.start, directive.prefix is None, ends_word)
    prefix = directive.prefix and _Search(folded, directive.prefix, True, False)
    end = directive.end and _Search(folded, directive.end, True, directive.suffix is None)
    suffix = directive.suffix and _Search(folded, directive.suffix, False, True)
    places = iter(range(_MAX_PLACES))
    position = 0
    for _ in places:
        found = (prefix or start).first(position, places)
        if found is None:
            return None
        position = found[0] + 1
        if prefix:
            found = start.next_to(found[1])
            if found is None:
                continue
        last = found
        for _ in places:
            if end:
                after = end.first(last[1], places)
                if after is None:
                    return None
                last = after
            if not suffix or suffix.next_to(last[1]):
                return found[0], last[1]
            if not end:
                break
    return None
