"""JSON lines: an article a line, streamed."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from index.errors import SourceError
from ingest.decode import Undecodable, binary_problem, decode, is_utf16
from ingest.draft import Draft, NoText, draft_of, kind_of, text_of
from ingest.facts import completed, read_head

MAX_LINE_BYTES = 32 * 1024 * 1024
# A gzip file of some kilobytes can hold gigabytes of them.
_MAX_BLANK_LINES = 1_000_000
_CHUNK = 1024 * 1024
_HEAD_CHARS = 4000
_BLANK = b" \t\r\n\xef\xbb\xbf"  # a byte order mark too


def read(stream: BinaryIO, name: str) -> Iterator[Draft | SourceError]:
    """The articles of a file; a bad line is an error that names it, and the next one goes on."""
    empty = True
    blanks = 0
    for number, line in enumerate(_lines(stream), start=1):
        where = f"{name}:{number}"
        if number == 1 and line is not None and (problem := _no_json_lines(line)):
            yield SourceError(name, problem)
            return
        if line is None:
            yield SourceError(where, f"is a line of more than {MAX_LINE_BYTES >> 20} MB, and is skipped")
        elif line.strip(_BLANK):
            yield _read_line(line, where, number)
        else:
            blanks += 1
            if blanks > _MAX_BLANK_LINES:
                yield SourceError(
                    where, "comes after a million blank lines; the rest of the file is left out"
                )
                return
            continue
        empty = False
    if empty:
        yield SourceError(name, "is empty")


def read_gzip(stream: BinaryIO, name: str) -> Iterator[Draft | SourceError]:
    """The articles of a gzip file; where it is damaged, those before are kept."""
    count = 0
    try:
        with gzip.GzipFile(fileobj=stream) as unzipped:
            for item in read(cast(BinaryIO, unzipped), name):
                count += isinstance(item, Draft)
                yield item
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        kept = f"the {count} articles before the damage were read" if count else "nothing could be read"
        yield SourceError(name, f"is damaged or incomplete as gzip data ({error}); {kept}")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file; None in place of one that is too long to hold."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
        yield None


def _no_json_lines(line: bytes) -> str | None:
    """What is wrong with a file of which this is the first line, so that no other can be right."""
    if is_utf16(line):
        return "is UTF-16 text; JSON lines must be UTF-8, save it again as that"
    return binary_problem(line)


def _read_line(line: bytes, where: str, number: int) -> Draft | SourceError:
    try:
        record = json.loads(decode(line.rstrip(b"\r\n")))
    except Undecodable as error:
        return SourceError(where, str(error))
    except RecursionError:
        return SourceError(where, "is not usable JSON: it is nested too deeply")
    except json.JSONDecodeError as error:
        return SourceError(where, f"is not valid JSON: {error.msg} at column {error.colno}")
    except ValueError as error:  # a number of thousands of digits
        return SourceError(where, f"is not usable JSON: {error}")
    if not isinstance(record, dict):
        return SourceError(where, f"holds {kind_of(record)}, not an object with a “text”")
    try:
        text = text_of(record)
    except NoText as error:
        return SourceError(where, str(error))
    draft = replace(draft_of(record, text, number), record=True)
    if draft.title and draft.authors and draft.published and draft.publisher:
        return draft
    return completed(draft, read_head(text[:_HEAD_CHARS].split("\n"), draft.title))
