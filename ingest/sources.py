"""What a user gives to ``pullquote ingest``, opened up into documents."""

import fnmatch
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar
from urllib.parse import urlsplit

from index.errors import SourceError
from ingest.charsets import as_utf8
from ingest.decode import one_line
from ingest.draft import Draft
from ingest.formats import READERS, Reader, html, jsonlines, plain, reader_for, reader_of
from ingest.own_address import read_at

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from ingest.fetch import Fetch

STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_MAGIC = frozenset("*?[")
_BLANK = b" \t\r\n\xef\xbb\xbf"
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be read, standard input, or what was fetched from an address.

    ``name`` is what the user would call it, ``path`` its real path, links resolved, or None.
    """

    name: str
    path: Path | None
    reader: Reader
    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address to be read; nothing is known of what is there."""

    name: str
    path: ClassVar[None] = None

    def document(self, fetch: "Fetch") -> Document:
        """What is there.

        Raises:
            SourceError: it cannot be fetched, or is of no format that is read.
        """
        fetched = fetch(self.name)
        reader = reader_of(fetched.content_type, urlsplit(fetched.url).path)
        if reader is None:
            raise SourceError(
                self.name,
                f"is {one_line(fetched.content_type, 60)}, which is not read yet;"
                " known are web pages, text, Markdown and JSON lines",
            )
        data = fetched.body
        if reader is html.read:
            reader = partial(html.read, charset=fetched.charset)
        else:
            data = as_utf8(data, fetched.charset)
        return Document(
            self.name, None, partial(read_at, fetched.url, reader), lambda: nullcontext(io.BytesIO(data))
        )


def find_documents(
    sources: Iterable[str], on_skip: Callable[[str], None] = lambda name: None
) -> Iterator[Document | Address | SourceError]:
    """The files behind files, folders, globs and ``-``, each real file once, folders in order of names.

    Addresses come as they are given, each once; nothing is fetched.
    """
    search = _Search(on_skip)
    for source in sources:
        yield from search.documents(source)


class _Search:
    """Remembers, across sources, which files and folders it has met."""

    def __init__(self, on_skip: Callable[[str], None]) -> None:
        self._on_skip = on_skip
        self._met: set[Path | str] = set()

    def documents(self, source: str) -> Iterator[Document | Address | SourceError]:
        if source == STANDARD_INPUT:
            if self._is_new(source):
                yield Document("standard input", None, _read_input, lambda: nullcontext(sys.stdin.buffer))
        elif _ADDRESS.match(source):
            if self._is_new(source):
                yield Address(source)
        elif not source or "://" in source:
            yield SourceError(source or "an empty name", "is no file, folder or glob")
        elif _MAGIC.isdisjoint(source) or os.path.lexists(source):
            yield from self._visit(Path(source), named=True)
        else:
            matched = False
            for match in _matches(Path(), Path(source).parts):
                matched = True
                if isinstance(match, SourceError):
                    yield match
                else:
                    yield from self._visit(match, named=False)
            if not matched:
                yield SourceError(source, "matches no file")

    def _visit(self, start: Path, named: bool) -> Iterator[Document | SourceError]:
        """A file, or those in a folder. Other formats are skipped, unless a file is ``named`` itself."""
        pending = [start]
        while pending:
            path = pending.pop()
            wanted = named or reader_for(path.name) is not None
            try:
                mode = path.stat().st_mode
                real = path.resolve()
            except (OSError, ValueError) as error:
                if wanted or not isinstance(error, FileNotFoundError):
                    yield unreadable(_shown(path), error, _absolute(path))
                else:  # a link to nothing
                    self._on_skip(_shown(path))
                continue
            if not stat.S_ISDIR(mode) and not wanted:
                self._on_skip(_shown(path))
            elif not self._is_new(real):
                continue
            elif stat.S_ISDIR(mode):
                named = False
                entries = _entries(path)
                if isinstance(entries, SourceError):
                    yield entries
                else:
                    pending += reversed(entries)
            else:
                yield _document(path, real, mode)

    def _is_new(self, source: Path | str) -> bool:
        if source in self._met:
            return False
        self._met.add(source)
        return True


def _document(path: Path, real: Path, mode: int) -> Document | SourceError:
    name = _shown(path)
    reader = reader_for(path.name)
    if not stat.S_ISREG(mode):
        return SourceError(name, "is not a regular file; what a pipe gives can be read with -", real)
    if reader is None:
        return SourceError(name, f"is of no known format; known are {', '.join(READERS)}", real)
    if _shown(real) != str(real):
        return SourceError(name, "has a name that is not UTF-8; rename it")
    return Document(name, real, reader, lambda: real.open("rb"))


def _matches(base: Path, parts: Sequence[str]) -> Iterator[Path | SourceError]:
    """The paths that a glob matches. Unlike the standard library's it goes round no loop of links."""
    if not parts:
        yield base
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        while rest[:1] == ("**",):
            rest = rest[1:]
        if not rest:
            yield base  # a folder gives all that is in it
            return
        for folder in _folders(base):
            yield from [folder] if isinstance(folder, SourceError) else _matches(folder, rest)
    elif _MAGIC.isdisjoint(part):
        if os.path.lexists(base / part):
            yield from _matches(base / part, rest)
    else:
        entries = _entries(base, hidden=part.startswith("."))
        if isinstance(entries, SourceError):
            yield entries
            return
        for path in entries:
            if fnmatch.fnmatchcase(path.name, part) and (not rest or path.is_dir()):
                yield from _matches(path, rest)


def _folders(start: Path) -> Iterator[Path | SourceError]:
    """``start`` and the folders below it, each real one once."""
    met: set[Path] = set()
    pending = [start]
    while pending:
        folder = pending.pop()
        real = folder.resolve()
        if real in met:
            continue
        met.add(real)
        entries = _entries(folder)
        if isinstance(entries, SourceError):
            yield entries
            continue
        yield folder
        pending += reversed([entry for entry in entries if entry.is_dir()])


def _entries(folder: Path, hidden: bool = False) -> list[Path] | SourceError:
    try:
        return sorted(entry for entry in folder.iterdir() if hidden or not entry.name.startswith("."))
    except OSError as error:
        return unreadable(_shown(folder), error, _absolute(folder))


def _read_input(stream: BinaryIO, name: str) -> Iterator[Draft | SourceError]:
    """JSON lines if the first character is ``{``, else one article of plain text."""
    start = b""
    while not start.strip(_BLANK) and len(start) <= plain.MAX_BYTES and (more := stream.readline(_CHUNK)):
        start += more
    reader = jsonlines.read if start.lstrip(_BLANK).startswith(b"{") else plain.read
    yield from reader(io.BufferedReader(_Rejoined(start, stream)), name)


class _Rejoined(io.RawIOBase):
    """A stream of which some was read already, whole again; closing it leaves the stream open."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        data = self._start[: len(view)] or self._rest.read(len(view))
        self._start = self._start[len(view) :]
        view[: len(data)] = data
        return len(data)


def unreadable(name: str, error: OSError | ValueError, path: Path | None) -> SourceError:
    """What to tell the user of a source that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return SourceError(name, "does not exist", path)
    reason = error.strerror if isinstance(error, OSError) else None
    return SourceError(name, f"cannot be read: {reason or error}", path)


def _absolute(path: Path) -> Path | None:
    # Links resolved, as in the articles' own paths: --prune compares the two.
    return None if "\0" in str(path) else Path(os.path.realpath(path))


def _shown(path: Path) -> str:
    """A path as text that can be printed: names need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")
