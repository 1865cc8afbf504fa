"""What a format reader finds, before it is understood; and how a record's fields become that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.dates import date_of_number

# What each fact is called, the likeliest name first: the first that holds something is taken.
_TEXT = ("text", "body", "content", "article", "articleBody", "full_text", "maintext")
_TITLE = ("title", "headline", "name")
_AUTHORS = ("authors", "author", "byline", "by", "creator")
_PUBLISHER = ("publisher", "source", "site", "site_name", "outlet", "domain")
_PUBLISHED = (
    "published date published_at publishedAt pub_date pubDate date_published datePublished publish_date"
    " date_publish published_date publication_date timestamp created"
).split()
_MODIFIED = ("modified", "updated", "modified_at", "dateModified")
_URL = ("url", "link", "href", "permalink", "web_url", "canonical_url", "source_url")
_LANGUAGE = ("language", "lang")
_KEY = ("id", "guid", "uid")

_BY = re.compile(r"\s*by[:\s]\s*", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+", re.IGNORECASE)
_NAME_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d)\.?", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:(?:senior|staff|special|chief|foreign|political|national|contributing|associate|assistant|science"
    r"|health|business|economics|education|environment|sports|arts|technology|defen[cs]e|legal|city)\s+)*"
    r"(?:writers?|reporters?|correspondents?|editors?|contributors?|columnists?|staff)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a format reader found; dates as they were written, text perhaps not normalised yet.

    ``line`` is the line of the file on which the text or the record begins. A reader
    that gives ``line_starts`` for more than one line gives text that ``normalise``
    leaves as it is. ``record``: one of those that a file of several may hold, with
    ``key`` for its own id. ``notes`` are for the user: what was left out, and why.
    """

    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    modified: str = ""
    url: str = ""
    language: str = ""
    key: str = ""
    line: int | None = None
    line_starts: tuple[int, ...] = (0,)
    record: bool = False
    notes: tuple[str, ...] = ()


class NoText(ValueError):
    """A record without text; says what it has instead."""


def text_of(fields: Mapping[str, object]) -> str:
    """The article's text in a record.

    Raises:
        NoText: none of the usual fields holds any.
    """
    name, value = _first(fields, _TEXT)
    if value is None:
        raise NoText("has no text: the field “text” is missing or empty")
    if not isinstance(value, str):
        raise NoText(f"has no text: the field “{name}” holds {kind_of(value)}")
    return value


def draft_of(fields: Mapping[str, object], text: str, line: int) -> Draft:
    """A draft with all that the fields of a record or of front matter say besides the text.

    A field of a wrong type is left out with a note, never an error: the text is worth
    having without it.
    """
    notes: list[str] = []
    return Draft(
        text=text,
        title=_string(fields, _TITLE, notes),
        authors=_authors(fields, notes),
        publisher=_string(fields, _PUBLISHER, notes),
        published=_date(fields, _PUBLISHED, notes),
        modified=_date(fields, _MODIFIED, notes),
        url=_string(fields, _URL, notes),
        language=_string(fields, _LANGUAGE, notes),
        key=_key(fields, notes),
        line=line,
        notes=tuple(notes),
    )


def split_names(text: str) -> tuple[str, ...]:
    """The names in "By Ann Lee, Bo Ek and C. Dun, Staff Writers"; "Lee, Ann" stays one name."""
    text = text[match.end() :] if (match := _BY.match(text)) else text.strip()
    parts = [part for part in _BETWEEN_NAMES.split(text) if part]
    if len(parts) == 2 and "," in text and not any(" " in part for part in parts):
        return (text,)
    names: list[str] = []
    for part in parts:
        if names and _NAME_SUFFIX.fullmatch(part):
            names[-1] += f", {part}"
        elif not _ROLE.fullmatch(part):
            names.append(part)
    return tuple(names)


def _first(fields: Mapping[str, object], names: tuple[str, ...] | list[str]) -> tuple[str, object]:
    for name in names:
        value = fields.get(name, fields.get(name.capitalize()))
        # NaN is what pandas writes for nothing.
        if value is not None and value == value and value not in ("", [], {}) and not _blank(value):
            return name, value
    return "", None


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _string(fields: Mapping[str, object], names: tuple[str, ...], notes: list[str]) -> str:
    name, value = _first(fields, names)
    if value is None:
        return ""
    found = _named(value)
    if found is None:
        notes.append(_unfit(name, value))
    return found or ""


def _named(value: object) -> str | None:
    """A string, or the name of a thing that has one, as schema.org writes it."""
    if isinstance(value, Mapping):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _authors(fields: Mapping[str, object], notes: list[str]) -> tuple[str, ...]:
    name, value = _first(fields, _AUTHORS)
    if value is None:
        return ()
    if isinstance(value, str):
        return split_names(value)
    found: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        author = _named(each)
        if author is None:
            notes.append(_unfit(name, each))
        elif author.strip():
            # Each is one name already, whatever commas it has.
            found.append(_BY.sub("", author, count=1) if _BY.match(author) else author)
    return tuple(found)


def _date(fields: Mapping[str, object], names: tuple[str, ...] | list[str], notes: list[str]) -> str:
    name, value = _first(fields, names)
    if value is None or isinstance(value, str):
        return value or ""
    found = date_of_number(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if found is None:
        notes.append(_unfit(name, value))
    return found or ""


def _key(fields: Mapping[str, object], notes: list[str]) -> str:
    name, value = _first(fields, _KEY)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    notes.append(_unfit(name, value))
    return ""


def _unfit(name: str, value: object) -> str:
    return f"the field “{name}” holds {kind_of(value)}, and is left out"


def kind_of(value: object) -> str:
    """What a value from JSON is, in words."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else "text"
