"""The formats that can be read: a new one is a module beside this and a line below."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias

from index.errors import SourceError
from ingest.draft import Draft
from ingest.formats import jsonlines, markdown, plain

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


def reader_for(name: str) -> Reader | None:
    """The reader for a file's name, None if no format has such a suffix."""
    name = name.lower()
    return next((reader for suffix, reader in READERS.items() if name.endswith(suffix)), None)
