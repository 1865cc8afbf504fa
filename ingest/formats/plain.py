"""Plain text: one article a file."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from index.errors import SourceError
from ingest.decode import Undecodable, decode, file_lines
from ingest.draft import Draft
from ingest.facts import completed, read_head

MAX_BYTES = 20 * 1024 * 1024

# Text of lines no longer than this may be hard-wrapped; a longer line is a paragraph.
_MAX_WIDTH = 100
_MIN_WIDTH = 30
# How much shorter than the width a line may be that still counts as full.
_SLACK = 8
_ENDS_SENTENCE = re.compile(r"""[.!?…:]["'”’»)\]]*$""")
_OWN_LINE = re.compile(r"\s|[-*•–—]\s|\d{1,3}[.)]\s")
# Across a break after a hyphen, and between characters of scripts without spaces, nothing was lost.
_HYPHENATED = re.compile(r"\w-\Z")
_UNSPACED = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


def read(stream: BinaryIO, name: str) -> Iterator[Draft | SourceError]:
    """The article in a text file, its header cut off and its hard-wrapped lines rejoined."""
    lines = read_lines(stream, name)
    if isinstance(lines, SourceError):
        yield lines
        return
    head = read_head(lines)
    body = lines[head.body :]
    if not body:
        yield SourceError(name, "has no text besides its header")
        return
    text, starts = joined(body, wrapped_breaks(body))
    yield completed(Draft(text, line=head.body + 1, line_starts=starts), head)


def read_lines(stream: BinaryIO, name: str) -> list[str] | SourceError:
    """The file's lines, each normalised; an error if it is too large, empty or no text."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return SourceError(name, f"is larger than {MAX_BYTES >> 20} MB, too large for one article")
    try:
        lines = file_lines(decode(data))
    except Undecodable as error:
        return SourceError(name, str(error))
    while lines and not lines[-1]:
        lines.pop()
    return lines or SourceError(name, "is empty")


def joined(lines: Sequence[str], breaks: set[int]) -> tuple[str, tuple[int, ...]]:
    """One text of the lines, and the offset at which each of them starts.

    ``breaks`` holds the indices of lines that only go on the one before them.
    """
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for index, line in enumerate(lines):
        between = "\n" if index else ""
        if index in breaks:
            line = line.lstrip()
            between = _joint(lines[index - 1], line)
        length += len(between)
        starts.append(length)
        parts += between, line
        length += len(line)
    return "".join(parts), tuple(starts)


def _joint(before: str, after: str) -> str:
    if _HYPHENATED.search(before[-2:]) and after.partition(" ")[0] not in ("and", "or", "to"):
        return ""
    return "" if _UNSPACED.match(before[-1:]) and _UNSPACED.match(after) else " "


def wrapped_breaks(lines: Sequence[str]) -> set[int]:
    """Indices of the lines that a hard wrap put on a line of their own.

    A file is taken for wrapped when most of its lines are as full as they can be,
    so that the next word would not have fitted, and some break a sentence. Files of
    a paragraph a line, of lists or of verse are not, and stay as they are.
    """
    pairs = [index for index, (one, two) in enumerate(pairwise(lines), start=1) if one and two]
    width = max((len(lines[index - 1]) for index in pairs if len(lines[index - 1]) <= _MAX_WIDTH), default=0)
    if width < _MIN_WIDTH:
        return set()
    full = {index for index in pairs if _is_full(lines[index - 1], lines[index], width)}
    split = {index for index in pairs if _is_mid_sentence(lines[index - 1], lines[index])}
    if 10 * len(full) < 6 * len(pairs) or not full & split:
        return set()
    return {index for index in full | split if not _OWN_LINE.match(lines[index])}


def _is_full(line: str, following: str, width: int) -> bool:
    word = following.split(maxsplit=1)[0]
    return width - _SLACK <= len(line) + 1 + len(word) and len(line) <= _MAX_WIDTH and len(line) >= width // 2


def _is_mid_sentence(line: str, following: str) -> bool:
    return len(line) <= _MAX_WIDTH and not _ENDS_SENTENCE.search(line) and following[0].islower()
