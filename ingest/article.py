"""A draft, understood: identity, dates, title and digest, as an article of the index."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import SourceError
from index.types import Article
from ingest.dateline import Dateline, read_dateline
from ingest.dates import nearest_date, read_date
from ingest.decode import normalise, one_line
from ingest.draft import Draft
from ingest.facts import derived_title

_MAX_TITLE = 300
_MAX_NAME = 100
_MAX_AUTHORS = 20
_MAX_URL = 2000

_PORTS = {"http": 80, "https": 443}
# Say where a reader came from, not what is read.
_TRACKING = re.compile(r"(?:utm_[^=]*|fbclid|gclid)(?:=|$)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_/])(\d{2}|[a-z]{3})\2(\d{2})(?!\d)", re.ASCII)


def understand(
    draft: Draft, name: str, path: Path | None, today: date, day_first: bool | None = None
) -> tuple[Article, tuple[str, ...]]:
    """The article that a draft is, and notes on what in it was left out, and why.

    ``name`` is what the user calls it, ``path`` the absolute path of its file if there
    is one. Dates later than ``today`` are refused; ``day_first`` as in ``read_date``.

    Raises:
        SourceError: there is no text in it.
    """
    text = normalise(draft.text)
    if not text.strip():
        raise SourceError(name, "has no text", path)
    notes = list(draft.notes)
    canonical = canonical_url(draft.url)
    if canonical is None and draft.url.strip():
        notes.append(f"the address “{one_line(draft.url, 100)}” is no http or https address, and is left out")
    dateline = read_dateline(text)
    title = one_line(draft.title, _MAX_TITLE)
    article = Article(
        id=_identity(draft, canonical, path, text),
        text=text,
        title=title or derived_title(text),
        title_derived=not title,
        digest="",
        authors=_names(draft.authors),
        publisher=_publisher(draft.publisher, canonical) or (dateline.agency if dateline else ""),
        published=_published(draft, dateline, canonical, path, today, day_first, notes),
        modified=_read(draft.modified, today, day_first, notes),
        url=draft.url.strip() if canonical else None,
        path=None if path is None else str(path),
        language=_language(draft.language, notes),
        line=None if path is None else draft.line,
        line_starts=draft.line_starts,
    )
    return replace(article, digest=_digest(article, canonical)), tuple(notes)


def canonical_url(url: str) -> str | None:
    """The one form of an address under which its article is known; None if it is no web address.

    Scheme and host are lower case; user, default port, fragment, tracking parameters
    and a slash at the end are gone.
    """
    url = url.strip()
    if not url.isprintable() or " " in url or len(url) > _MAX_URL:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        place += f":{port}"
    query = "&".join(each for each in parts.query.split("&") if each and not _TRACKING.match(each))
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def id_of_url(canonical: str) -> str:
    """The id of the article at a canonical address."""
    return _sha256(canonical)[:16]


def _identity(draft: Draft, canonical: str | None, path: Path | None, text: str) -> str:
    """16 hex digits that stay the same for the same source, whatever its text becomes.

    A record is told from the others of its file by what it says of itself, never by
    its place, so that a line put in before it changes nothing.
    """
    if canonical is not None:
        return id_of_url(canonical)
    if path is None:
        source = text
    elif not draft.record:
        source = str(path)
    elif draft.key:
        source = f"{path}#{draft.key}"
    elif draft.title and draft.published:
        source = f"{path}#{draft.title}\n{draft.published}"
    else:
        source = f"{path}#{_sha256(text)}"
    return _sha256(source)[:16]


def _digest(article: Article, canonical: str | None) -> str:
    """Of all that an answer may show; each part follows its length, so that none passes for another."""
    hasher = hashlib.sha256()
    for part in (
        article.text,
        article.title,
        str(len(article.authors)),
        *article.authors,
        article.publisher,
        str(article.published),
        str(article.modified),
        str(canonical),
        str(article.language),
        str(article.title_derived),
    ):
        data = part.encode()
        hasher.update(b"%d:" % len(data))
        hasher.update(data)
    return hasher.hexdigest()


def _sha256(text: str) -> str:
    # A key may hold half of a surrogate pair.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _published(
    draft: Draft,
    dateline: Dateline | None,
    canonical: str | None,
    path: Path | None,
    today: date,
    day_first: bool | None,
    notes: list[str],
) -> date | None:
    """The date that is stated, else the dateline's, else the one in the address or the file's name."""
    stated = _read(draft.published, today, day_first, notes)
    if stated is not None:
        return stated
    # The name of a file of many articles dates the file.
    known = _date_in(urlsplit(canonical).path if canonical else "", today) or (
        _date_in(path.name, today) if path is not None and not draft.record else None
    )
    if dateline is not None and dateline.date:
        near = nearest_date(dateline.date, known) if known else None
        if near is not None and near <= today:
            return near
        if known is None:
            return _read(dateline.date, today, day_first, notes)
    return known


def _read(text: str, today: date, day_first: bool | None, notes: list[str]) -> date | None:
    if not text.strip():
        return None
    result = read_date(text, today, day_first)
    if result.problem:
        notes.append(result.problem)
    return result.date


def _date_in(name: str, today: date) -> date | None:
    """The date in "rfa-2024-01-29.txt" or "/2024/jan/29/", if there is just one."""
    found = set()
    for match in _DATE_IN_NAME.finditer(name.lower()):
        month = match[3]
        result = read_date(
            f"{match[4]} {month} {match[1]}" if month.isalpha() else "-".join(match.group(1, 3, 4)), today
        )
        if result.date is not None:
            found.add(result.date)
    return found.pop() if len(found) == 1 else None


def _publisher(name: str, canonical: str | None) -> str:
    """The publisher's name, or the host that stands for it."""
    address = canonical_url(name) or (None if name.strip() else canonical)
    found = name if address is None else urlsplit(address).hostname or ""
    return one_line(found, _MAX_NAME).removeprefix("www.")


def _names(names: Iterable[str]) -> tuple[str, ...]:
    clean = (one_line(name, _MAX_NAME) for name in names)
    return tuple(dict.fromkeys(name for name in clean if name))[:_MAX_AUTHORS]


def _language(text: str, notes: list[str]) -> str | None:
    text = text.strip()
    if not text:
        return None
    if not _LANGUAGE.fullmatch(text):
        notes.append(f"the language “{one_line(text, 40)}” is no code such as “en”, and is left out")
        return None
    return text.replace("_", "-")
