"""Under which address an article from the web is known: its own word is taken only for its own site."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from index.errors import SourceError
from ingest.article import canonical_url
from ingest.decode import one_line
from ingest.draft import Draft
from ingest.formats import Reader


def read_at(url: str, reader: Reader, stream: BinaryIO, name: str) -> Iterator[Draft | SourceError]:
    """What ``reader`` finds at ``url``, which becomes the address of an article that is there alone.

    Records of a file of several keep the addresses that they give.
    """
    for item in reader(stream, name):
        if isinstance(item, SourceError) or item.record:
            yield item
            continue
        own = own_address(item.url, url)
        notes = item.notes
        if own is None:
            notes = (*notes, f"the address that it gives is not on its own site: “{one_line(item.url, 100)}”")
        yield replace(item, url=own or url, notes=notes)


def own_address(stated: str, url: str) -> str | None:
    """The address that the document at ``url`` says it has, or ``url`` where it says none of use.

    None if that is on another site: whoever writes a page must not be able to replace
    another publisher's article, nor to be cited under its address.
    """
    try:
        joined = urljoin(url, stated.strip())
        here, there = urlsplit(url), urlsplit(joined)
        if _site(here) != _site(there):
            return None
    except ValueError:
        return None
    # Of all their pages some sites say that the front page is the address.
    is_front = there.path in ("", "/") and not there.query
    return url if is_front or there.username is not None or canonical_url(joined) is None else joined


def _site(parts: SplitResult) -> tuple[str, int | None]:
    return (parts.hostname or "").removeprefix("www."), parts.port
