"""Reading the articles of an ingest's sources one after the other, and how far that has come."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index.errors import SourceError, first_line
from index.types import Article
from ingest.article import understand
from ingest.dates import latest_today
from ingest.draft import Draft
from ingest.sources import Address, Document, find_documents, unreadable

if TYPE_CHECKING:
    from ingest.fetch import Fetch


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was read; ``notes`` name the source and say what in it was left out."""

    article: Article
    notes: tuple[str, ...] = ()


class Reading:
    """The articles of all sources, in order, each as it is read; errors come in between as values.

    ``day_first`` says what 03/04/2024 means. Dates later than ``today`` are refused; by
    default that is the date where it is latest on Earth. ``total_bytes`` and
    ``bytes_read`` count the files as they are on disk, compressed or not. Addresses are
    read with ``fetch``, by default that of ``ingest/fetch.py``, and only when they are due.
    """

    def __init__(
        self,
        sources: Sequence[str],
        *,
        day_first: bool | None = None,
        today: date | None = None,
        fetch: "Fetch | None" = None,
    ) -> None:
        self.skipped = 0  # files in folders that are of no format we read
        self._documents = list(find_documents(sources, self._skip))
        self._day_first = day_first
        self._today = today or latest_today()
        self._fetch = fetch
        self._read_before = 0
        self._open: BinaryIO | None = None
        self.total_bytes = sum(_size(each) for each in self._documents if isinstance(each, Document))
        # Named folders and files, not patterns: what a pattern no longer matches cannot be known.
        self._places = [Path(each).resolve() for each in sources if each != "-" and os.path.exists(each)]
        self._paths = {each.path for each in self._documents if isinstance(each, Document)}

    def _skip(self, name: str) -> None:
        self.skipped += 1

    def covers(self, path: Path) -> bool:
        """Whether an article of this file, had it still been there, would have been met."""
        if not any(path.is_relative_to(place) for place in self._places):
            return False
        # A file that is there but was not read (hidden, say) may well hold it still.
        return path in self._paths or not os.path.lexists(path)

    @property
    def bytes_read(self) -> int:
        """How much of ``total_bytes`` has been read."""
        return self._read_before + (self._open.tell() if self._open is not None else 0)

    def __iter__(self) -> Iterator[Found | SourceError]:
        for source in self._documents:
            if isinstance(source, SourceError):
                yield source
                continue
            try:
                document = self._fetched(source) if isinstance(source, Address) else source
                with self._counted(document) as stream:
                    for item in document.reader(stream, document.name):
                        yield self._understood(item, document)
            except SourceError as error:
                yield error
            except OSError as error:
                yield unreadable(source.name, error, source.path)
            except Exception as error:  # noqa: BLE001 - one odd file must not keep the others out
                problem = (
                    f"cannot be understood ({type(error).__name__}: {first_line(error)}); please report it"
                )
                yield SourceError(source.name, problem, source.path)

    def _fetched(self, address: Address) -> Document:
        if self._fetch is None:
            # Here, not above: it brings aiohttp, which files do without.
            from ingest.fetch import fetch

            self._fetch = fetch
        return address.document(self._fetch)

    @contextmanager
    def _counted(self, document: Document) -> Iterator[BinaryIO]:
        opened: AbstractContextManager[BinaryIO] = document.open()
        with opened as stream:
            self._open = stream if document.path is not None else None
            try:
                yield stream
            finally:
                self._open = None
                self._read_before += _size(document)

    def _understood(self, item: Draft | SourceError, document: Document) -> Found | SourceError:
        if isinstance(item, SourceError):
            return SourceError(item.source, item.problem, document.path)
        name = f"{document.name}:{item.line}" if item.record else document.name
        try:
            article, notes = understand(item, name, document.path, self._today, self._day_first)
        except SourceError as error:
            return error
        return Found(article, tuple(f"{name}: {note}" for note in notes))


def _size(document: Document) -> int:
    try:
        return document.path.stat().st_size if document.path is not None else 0
    except OSError:
        return 0
