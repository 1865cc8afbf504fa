"""Words of articles and of people, such that Discord shows them as they are and nothing in them works.

``plain`` takes out what is not seen, ``escaped`` puts a backslash before what Discord
would obey, and cutting is done between the two, so that no cut falls inside an escape.
Discord counts code points; ``size`` counts UTF-16 code units, of which there are never
fewer, so that what fits here fits there however it is counted.
"""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What turns the direction of what follows it, and what is not seen: control characters, fillers, tags.
_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1b\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)
_HALF = re.compile("[\ud800-\udfff]")
_BLANK = re.compile("[\t\u2800]")
_LINES = re.compile("\n{3,}")
_MOST_MARKS = 4  # on one letter: Vietnamese has two, pointed Hebrew three
# Emoji and the scripts of Asia need them between characters; between Latin letters they only hide something.
_JOINERS = "\u200c\u200d"
_STRAY_JOINER = re.compile(
    "(?<![\u0300-\u200b\u200e-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d](?![\u0300-\u200b\u200e-\U0010ffff])"
)

# A link's label goes on to the last "](" after it, whether a backslash stands before that or not.
_ACTIVE = re.compile(r"[\\*_~`|<>\[\]@]|(?<=\])\(|:(?=/|[\w+~-]+:)|(?i:(?<=\.gg)|(?<=\.com)|(?<=\.new))/")
# Lists, headings and subtext begin a line.
_LINE_START = re.compile(r"^([^\S\n]*+)([-+#]|\d++(?=[.)]))", re.MULTILINE)
_EVERYONE = re.compile("@(?=everyone|here|$)", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"

_LOOK_BACK = 30  # characters in which the end of a word is looked for
_LEAST_LABEL = 24
_OPEN = "open"
# Discord shows backslashes in a link's label, so there look-alikes must do.
_LOOK_ALIKES = str.maketrans(r"[]\*_~`|<>", "［］∖∗＿∼ˋ∣‹›")
_SHORTCODE = re.compile(r":(?=[\w+~-]+:)")
_ADDRESS = re.compile(r"http|www\.|:/|\w\.[a-z]{2,}/|discord\.gg|^\S+\.[a-z]{2,}$", re.IGNORECASE)
# Neither closes the parentheses of Markdown's ``[label](address)`` nor is anything else to it.
_SAFE_IN_URL = "!#$%&*+,-./:;=?@_~"
_NO_HOST = re.compile(r"[\0-,/:-@\[-^`{-\x7f]")
_LONGEST_URL = 10_000


def size(text: str) -> int:
    """UTF-16 code units: never less than what Discord counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def plain(text: str) -> str:
    r"""``text`` without what cannot be seen or turns the text around it; newlines are ``\n``, two at most.

    Letters of every script, emoji and combining marks stay, of the marks four a letter;
    halves of characters become U+FFFD.
    """
    text = _UNSEEN.sub("", _BLANK.sub(" ", _LINE_END.sub("\n", text)))
    if not text.isascii():
        text = _STRAY_JOINER.sub("", _few_marks(_HALF.sub("\ufffd", text)))
    return _LINES.sub("\n\n", text)


def _few_marks(text: str) -> str:
    found = set(filter(_is_mark, set(text)))
    if not found:
        return text
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if char in found else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_mark(char: str) -> bool:
    return char >= "\u0300" and (char in _JOINERS or unicodedata.category(char).startswith("M"))


def one_line(text: str) -> str:
    """As ``plain``, on one line with single spaces."""
    return " ".join(plain(text).split())


def escaped(text: str) -> str:
    """Markdown in which Discord shows ``plain(text)``, without formatting, links, mentions or emoji codes."""
    return _marked_down(plain(text))


def _marked_down(words: str) -> str:
    return at_line_start(inert(words))


def inert(words: str) -> str:
    """Markdown that shows ``words``, which are plain, but for what only works where a line begins."""
    return _ACTIVE.sub(_inactive, words)


def at_line_start(markdown: str) -> str:
    """``markdown`` of which no line is a list's, a heading or subtext."""
    return _LINE_START.sub(_no_block, markdown)


def _inactive(found: re.Match[str]) -> str:
    # Discord looks for mentions of everyone before it looks at backslashes.
    pings = _EVERYONE.match(found.string, found.start())
    return f"\\{found.group()}{_ZERO_WIDTH_SPACE if pings else ''}"


def _no_block(found: re.Match[str]) -> str:
    indent, mark = found.groups()
    return f"{indent}{mark}\\" if mark.isdigit() else f"{indent}\\{mark}"


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` (1 or more) code units, cut after a word and marked with "…".

    To be done before escaping; of what is to be escaped, ``fitted`` cuts the right length.
    """
    return _longest(text, limit, str)


def fitted(text: str, limit: int) -> str:
    """``escaped(text)`` in at most ``limit`` (1 or more) code units, as much of the text as fits."""
    # What is far beyond the limit need not be looked at, however long it is.
    return _longest(plain(text[: 8 * limit]), limit, _marked_down)


def _longest(text: str, limit: int, shown: Callable[[str], str]) -> str:
    whole = shown(text)
    if size(whole) <= limit:
        return whole
    best, fits, too_long = "…", 0, min(len(text), limit)
    while fits + 1 < too_long:
        middle = (fits + too_long) // 2
        candidate = going_on(shown(text[: word_end(text, middle)].rstrip()))
        if size(candidate) <= limit:
            best, fits = candidate, middle
        else:
            too_long = middle
    return best


def going_on(markdown: str) -> str:
    """``markdown`` marked as cut."""
    return f"{markdown} …" if markdown.endswith((".", "!", "?")) else f"{markdown}…"


def word_end(text: str, at: int) -> int:
    """The last end of a word at or before ``at``; between two characters where there is none near."""
    if at >= len(text):
        return len(text)
    for end in range(at, max(0, at - _LOOK_BACK), -1):
        if text[end].isspace() and not text[end - 1].isspace():
            return len(text[:end].rstrip(",;:–—-"))
    return _between_characters(text, at)


def word_start(text: str, at: int) -> int:
    """The first beginning of a word at or after ``at``; between two characters where there is none near."""
    if at <= 0:
        return 0
    for start in range(at, min(len(text), at + _LOOK_BACK)):
        if text[start - 1].isspace() and not text[start].isspace():
            return start
    return _between_characters(text, at)


def _between_characters(text: str, at: int) -> int:
    """``at``, or where the character begins that several code points make together."""
    start = at
    while 0 < start < len(text) and at - start < _LOOK_BACK and _joined(text, start):
        start -= 1
    return start


def _joined(text: str, at: int) -> bool:
    if _is_mark(text[at]) or text[at - 1] == "\u200d" or "\U0001f3fb" <= text[at] <= "\U0001f3ff":
        return True
    # A flag is two letters of its own kind.
    flags = 0
    while flags < at and "\U0001f1e6" <= text[at - flags - 1] <= "\U0001f1ff":
        flags += 1
    return flags % 2 == 1 and "\U0001f1e6" <= text[at] <= "\U0001f1ff"


def isolated(text: str) -> str:
    """``text`` such that, if it is written from right to left, what stands beside it keeps its place."""
    turns = any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)
    return f"\u2068{text}\u2069" if turns else text


def link(label: str, url: str | None, limit: int, second: str | None = None) -> str:
    """A link to ``url``, or to ``second`` where that is too long, in at most ``limit`` code units.

    ``limit`` is 1 or more. The label alone is given where neither fits or is an address on
    the web. A label that itself looks like an address is never what is clicked: it could
    name another place than the link leads to.
    """
    words = one_line(label[: 8 * limit]) or "untitled"
    disguised = _ADDRESS.search(unicodedata.normalize("NFKC", words))
    for target in filter(None, map(_target, (url, second))):
        room = limit - size(target) - len("[]()")
        if not disguised and room >= min(_LEAST_LABEL, size(words)):
            return f"[{cut(_label(words), room)}]({target})"
        room -= len(f" ({_OPEN})")
        if disguised and room >= min(_LEAST_LABEL, size(escaped(words))):
            return f"{fitted(words, room)} ([{_OPEN}]({target}))"
    return fitted(words, limit)


def _label(words: str) -> str:
    words = _SHORTCODE.sub("∶", words.translate(_LOOK_ALIKES))
    return _EVERYONE.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", words)


def _target(url: str | None) -> str | None:
    """``url`` as it may stand in a link's parentheses; None where it is no plain address on the web."""
    if not url or len(url) > _LONGEST_URL or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(url)
        # "https://bank.example@other.example" reads like the one and leads to the other.
        plain_host = parts.hostname and "@" not in parts.netloc and not _NO_HOST.search(parts.hostname)
        if not plain_host or parts.port == 0:
            return None
    except ValueError:
        return None
    return _EVERYONE.sub("%40", percent_encode(url, safe=_SAFE_IN_URL, errors="replace"))
