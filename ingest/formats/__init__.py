"""The formats that can be read: a new one is a module beside this and a line below."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias

from index.errors import SourceError
from ingest.draft import Draft
from ingest.formats import html, jsonlines, markdown, plain

# Takes a file and what the user calls it. Bad input is yielded as an error; an OSError may come through.
Reader: TypeAlias = Callable[[BinaryIO, str], Iterator[Draft | SourceError]]

READERS: dict[str, Reader] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".jsonl": jsonlines.read,
    ".ndjson": jsonlines.read,
    ".jsonl.gz": jsonlines.read_gzip,
    ".ndjson.gz": jsonlines.read_gzip,
}

# What is at an address may be called this by its server. Gzip files are not here: they unpack to anything.
MEDIA_TYPES: dict[str, Reader] = {
    "text/html": html.read,
    "application/xhtml+xml": html.read,
    "text/plain": plain.read,
    "text/markdown": markdown.read,
    "text/x-markdown": markdown.read,
    "application/jsonl": jsonlines.read,
    "application/jsonlines": jsonlines.read,
    "application/ndjson": jsonlines.read,
    "application/x-jsonlines": jsonlines.read,
    "application/x-ndjson": jsonlines.read,
}
# Types that servers give to whatever they do not know better; the name's ending tells more.
_VAGUE = frozenset(("text/plain", "application/octet-stream", "application/json"))


def reader_for(name: str) -> Reader | None:
    """The reader for a file's name, None if no format has such a suffix."""
    name = name.lower()
    return next((reader for suffix, reader in READERS.items() if name.endswith(suffix)), None)


def reader_of(media_type: str, name: str) -> Reader | None:
    """The reader for what a server calls ``media_type``, in lower case, and that ends as ``name`` does."""
    by_name = reader_for(name) if media_type in _VAGUE else None
    return MEDIA_TYPES.get(media_type) if by_name in (None, jsonlines.read_gzip) else by_name
