"""How a plain-text article carries its facts: header lines, title, byline.

Everything here reads and reports; nothing is cut. ``Head.body`` says where the body
begins, for those who cut.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.sentences import sentence_spans
from ingest.dateline import read_dateline
from ingest.dates import leading_date
from ingest.decode import one_line, shorten
from ingest.draft import Draft, split_names
from ingest.names import is_name, is_outlet

_MAX_HEADER_LINES = 12
_MAX_HEADER_CHARS = 300
_MAX_TITLE = 150
_MAX_DERIVED_TITLE = 80
# A standfirst may stand between the title and the byline.
_BYLINE_WITHIN = 3

_FIELDS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(("author", "authors", "byline"), "authors"),
    **dict.fromkeys(("source", "publisher", "publication", "outlet"), "publisher"),
    **dict.fromkeys(("url", "link"), "url"),
    **dict.fromkeys(("language", "lang"), "language"),
}
_FIELD = re.compile(rf"(?P<key>{'|'.join(_FIELDS)})\s*:\s*(?P<value>\S.*)", re.IGNORECASE)
_DATED = re.compile(
    r"(?:(?P<modified>last (?:updated|modified)|updated|modified)"
    r"|(?:first )?(?:published|posted)|publication date|date)\b(?: on)?(?P<colon>\s*:)?\s*",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_BETWEEN_FACTS = re.compile(r"\s+[|•·–—-]\s+")

_BY = re.compile(r"by(?::\s*|\s+)(?P<names>\S.*)", re.IGNORECASE)
_FOR = re.compile(r"\s+for\s+(?:the\s+)?(?=[^\Wa-z])")
_FROM_PLACE = re.compile(r"\s+in\s+[^\Wa-z].*$")
_IN_BRACKETS = re.compile(r"\s*\(([^()]+)\)$")
_ADDRESS = re.compile(r"\s*[(<]?\S*@\S+")
_ENDS_SENTENCE = re.compile(r"[.!:;,—…]$")
_ABBREVIATED = re.compile(r"\b(?:(?:[A-Z]\.)+|(?:Inc|Corp|Co|Ltd|Jr|Sr|St)\.)$")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a text says; ``body`` is the index of the body's first line."""

    body: int
    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    modified: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Byline:
    """The people in a byline, and the outlet that it names."""

    authors: tuple[str, ...]
    publisher: str = ""


def read_head(lines: Sequence[str], title: str = "") -> Head:
    """The facts in the first lines of an article. Where a ``title`` is given, none is looked for."""
    found = {"title": title} if title else {}
    authors: tuple[str, ...] = ()
    # "date 2024-01-29 By Meridian" names an outlet if a byline of its own follows, else the author.
    unsure = ""
    at = _next_line(lines, 0)
    for _ in range(_MAX_HEADER_LINES):
        facts = _header_facts(lines[at]) if at < len(lines) else None
        if facts is None and at < len(lines) and (found or authors) and _is_outlet_line(lines[at]):
            facts = [("publisher", lines[at].strip())]
        if facts is None:
            if "title" in found or not _is_title(lines, at):
                break
            facts = [("title", lines[at])]
        for name, value in facts:
            if isinstance(value, str):
                found.setdefault(name, value)
                continue
            if value.publisher:
                found.setdefault("publisher", value.publisher)
            if name == "dated by" and len(value.authors) == 1:
                unsure = unsure or value.authors[0]
            else:
                authors = authors or value.authors
        at = _next_line(lines, at + 1)
    authors = authors or _byline_below(lines, at)
    if unsure and authors:
        found.setdefault("publisher", unsure)
    elif unsure:
        authors = (unsure,)
    return Head(body=at, authors=authors, **found)


def completed(draft: Draft, head: Head) -> Draft:
    """``draft`` with what it lacks taken from the head of its text."""
    return replace(
        draft,
        title=draft.title or head.title,
        authors=draft.authors or head.authors,
        publisher=draft.publisher or head.publisher,
        published=draft.published or head.published,
        modified=draft.modified or head.modified,
        url=draft.url or head.url,
        language=draft.language or head.language,
    )


def read_byline(line: str) -> Byline | None:
    """The names in "By Ann Lee and Bo Ek, Staff Writers" or "By Ann Lee for Meridian", if it is a byline."""
    match = _BY.fullmatch(_ADDRESS.sub("", line).strip())
    if match is None:
        return None
    names, publisher = match["names"], ""
    if bracketed := _IN_BRACKETS.search(names):
        names, publisher = names[: bracketed.start()], bracketed[1]
    names, _, employer = _FOR.sub("\n", names, count=1).partition("\n")
    publisher = publisher or employer
    people = []
    for name in split_names(_FROM_PLACE.sub("", names)):
        if is_outlet(name):
            publisher = publisher or name
        elif is_name(name):
            people.append(name)
        else:
            return None
    return Byline(tuple(people), publisher) if people or publisher else None


def derived_title(text: str) -> str:
    """A title for a text that has none: its first sentence without the dateline, shortened."""
    dateline = read_dateline(text)
    start = dateline.end if dateline and dateline.end < len(text) else 0
    lede = text[start:].lstrip()[:1000]
    first, last = sentence_spans(lede)[0]
    return shorten(one_line(lede[first:last], 1000), _MAX_DERIVED_TITLE)


def _header_facts(line: str) -> list[tuple[str, str | Byline]] | None:
    """The facts in a header line; None if it is something else."""
    line = " ".join(line.split())
    if len(line) > _MAX_HEADER_CHARS:
        return None
    if match := _FIELD.fullmatch(line):
        return _field(_FIELDS[match["key"].lower()], match["value"])
    if _URL.fullmatch(line):
        return [("url", line)]
    facts: list[tuple[str, str | Byline]] = []
    names: list[tuple[str, str | Byline]] = []
    for part in _BETWEEN_FACTS.split(line):
        if (found := _dated(part)) is not None:
            facts += found
        elif byline := read_byline(part):
            facts.append(("authors", byline))
        elif is_outlet(part) or is_name(part):
            names.append(("publisher", part))
        else:
            # A dash may belong to the date itself: "Jan. 29, 2024 - 3:15 p.m."
            return _dated(line)
    # A name says nothing alone, but beside a date or a byline it is who published.
    return facts + names if facts else _outlet_and_date(line)


def _outlet_and_date(line: str) -> list[tuple[str, str | Byline]] | None:
    """As "Meridian Wire, June 10, 2024" says."""
    outlet, _, rest = line.partition(",")
    dated = _dated(rest.strip()) if is_outlet(outlet) else None
    return None if dated is None else [("publisher", outlet), *dated]


def _is_outlet_line(line: str) -> bool:
    """Whether a line below a title or a byline holds an outlet's name and nothing else."""
    words = line.split()
    capitalised = all(word[0].isupper() or word.lower() in {"of", "the", "and"} for word in words)
    return 1 < len(words) <= 6 and capitalised and is_outlet(" ".join(words))


def _field(name: str, value: str) -> list[tuple[str, str | Byline]] | None:
    if name == "authors":
        return [(name, Byline(split_names(value)))]
    if name == "url" and not _URL.fullmatch(value):
        return None
    if name != "title" and len(value.split()) > 6 and _ENDS_SENTENCE.search(value):
        return None  # "Source: officials say that …" is prose
    return [(name, value)]


def _dated(part: str) -> list[tuple[str, str | Byline]] | None:
    """A date, with or without "Published" before it and a byline or another date after it."""
    word = _DATED.match(part)
    name = "modified" if word and word["modified"] else "published"
    rest = part[word.end() :] if word else part
    dated = leading_date(rest)
    if dated is None:
        # Said to be a date, so it is no prose; whoever reads the date says that it cannot.
        said = word and word["colon"] and len(rest) <= 60 and any(map(str.isdigit, rest))
        return [(name, rest)] if said else None
    date, after = dated[0], dated[1].strip(" ,;.|")
    if not after:
        return [(name, date)]
    if byline := read_byline(after):
        return [(name, date), ("dated by", byline)]
    more = _dated(after)
    return None if more is None else [(name, date), *more]


def _byline_below(lines: Sequence[str], at: int) -> tuple[str, ...]:
    for _ in range(_BYLINE_WITHIN):
        at = _next_line(lines, at + 1)
        if at < len(lines) and len(lines[at]) <= _MAX_TITLE and (byline := read_byline(lines[at])):
            return byline.authors
    return ()


def _is_title(lines: Sequence[str], at: int) -> bool:
    if at >= len(lines):
        return False
    line = lines[at].strip()
    if len(line) > _MAX_TITLE or "\n" in line or not any(map(str.isalpha, line)):
        return False
    if _ENDS_SENTENCE.search(line) and not _ABBREVIATED.search(line):
        return False
    after = _next_line(lines, at + 1)
    if after == len(lines) or read_dateline(line):
        return False
    return (
        after > at + 1
        or len(lines[after]) > max(_MAX_TITLE, 2 * len(line))
        or _header_facts(lines[after]) is not None
        or read_dateline(lines[after]) is not None
    )


def _next_line(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return min(at, len(lines))
