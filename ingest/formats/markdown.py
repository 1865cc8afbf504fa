"""Markdown: front matter for the facts, and the text without its markup, line for line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, BinaryIO

import yaml

from index.errors import SourceError
from ingest.decode import normalise
from ingest.draft import Draft, draft_of
from ingest.facts import completed, read_head
from ingest.formats.plain import joined, read_lines

_MAX_FRONT_MATTER_LINES = 500
_MAX_FRONT_MATTER_CHARS = 50_000
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_KEY_LINE = re.compile(r"([A-Za-z][\w-]*):\s+(\S.*)")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTED = re.compile(r" {0,3}(?:> ?)+")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_TABLE_RULE = frozenset(" |:-")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]^]+\]:\s+\S.*")
_OWN_LINE = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s|\s*\|")

# None of these takes a line's end away, so that lines can be counted through them, and
# each stops at the next opening mark, so that none is slow on a text of opening marks.
_TARGET = r"(?:\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\[\]\n]*\])"
_EMPHASIS = (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*]+)(?<=[^\s\\])\*(?![\w*])"), r"\1")
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"!\[[^\[\]\n]*\]{_TARGET}"), ""),
    (re.compile(rf"\[([^\[\]]*)\]{_TARGET}"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>"), r"\1"),
    (re.compile(r"<br\s{0,3}/?>", re.IGNORECASE), " "),
    (re.compile(r"</?[A-Za-z][^<>\n]*>"), ""),
    # Once for what stands inside strong emphasis, once for what holds it.
    _EMPHASIS,
    (re.compile(r"(?<!\\)\*\*(?=\S)([^*]+)(?<=\S)\*\*"), r"\1"),
    _EMPHASIS,
    (re.compile(r"(?<![\w\\])__(?=\S)([^_]+(?:_[^_]+)*)(?<=\S)__(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w\\])_(?=[^\s_])([^_]+)(?<=[^\s\\])_(?!\w)"), r"\1"),
    (re.compile(r"~~(?=\S)([^~]+)(?<=\S)~~"), r"\1"),
    (re.compile(r"(?<!`)(`+)(?!`)([^`]+)\1(?!`)"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


@dataclass(slots=True)
class _Page:
    """The file's lines without markup; which of them are code, headings, and top headings."""

    lines: list[str] = field(default_factory=list)
    code: set[int] = field(default_factory=set)
    headings: set[int] = field(default_factory=set)
    titles: set[int] = field(default_factory=set)


def read(stream: BinaryIO, name: str) -> Iterator[Draft | SourceError]:
    """The article in a Markdown file.

    With front matter the text is not cut, but for a first heading that is the title.
    Without it, header lines and byline are understood, and cut off, as in plain text.
    """
    lines = read_lines(stream, name)
    if isinstance(lines, SourceError):
        yield lines
        return
    lines = [line.replace("\n", " ") for line in lines]
    fields, begin, notes = _front_matter(lines)
    draft = draft_of(fields or {}, "", 0)
    page = _without_markup(lines[begin:])
    body = _next_text(page.lines, 0)
    title = page.lines[body] if body in page.titles else ""
    if title and draft.title.casefold() in ("", title.casefold()):
        body += 1
    head = read_head(page.lines[body:], draft.title or title)
    body = _next_text(page.lines, body if fields is not None else body + head.body)
    if body == len(page.lines):
        yield SourceError(name, "has no text besides its header")
        return
    breaks = {index - body for index in _soft_breaks(page)}
    text, starts = joined(page.lines[body:], breaks)
    draft = replace(draft, text=text, line=begin + body + 1, line_starts=starts, notes=(*notes, *draft.notes))
    yield completed(draft, head)


def _front_matter(lines: Sequence[str]) -> tuple[Mapping[Any, object] | None, int, tuple[str, ...]]:
    """The fields, the index of the line after them, and notes; None where there is no front matter.

    Broken front matter, which is most often a colon in a title, is read a line at a
    time as far as that goes: the article is worth having in any case.
    """
    end = next(
        (i for i in range(1, min(len(lines), _MAX_FRONT_MATTER_LINES)) if lines[i] in ("---", "...")), 0
    )
    if lines[0] != "---" or end == 0:
        return None, 0, ()
    notes: tuple[str, ...] = ()
    text = "\n".join(lines[1:end])
    if len(text) > _MAX_FRONT_MATTER_CHARS:
        return {}, end + 1, ("the front matter is too long, and is left out",)
    try:
        # Only strings, lists and maps: the title 1984 stays as written, and there are no tags and no
        # merge keys, by which a few hundred bytes can come to gigabytes.
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - safer than the SafeLoader
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        matches = filter(None, map(_KEY_LINE.fullmatch, lines[1:end]))
        fields = {match[1]: match[2].strip(" \"'") for match in matches}
        notes = ("the front matter is not valid YAML, and was read line by line",)
    if isinstance(fields, dict):
        fields = {
            key: None if isinstance(value, str) and value in _NULL else value for key, value in fields.items()
        }
    elif fields == "":
        fields = {}
    # Else it is text between two rules.
    return (fields, end + 1, notes) if isinstance(fields, dict) and (fields or not notes) else (None, 0, ())


def _without_markup(lines: Sequence[str]) -> _Page:
    page = _Page()
    for is_code, run in groupby(_code_marked(lines), key=lambda marked: marked[0]):
        text = "\n".join(line for _, line in run)
        if is_code:
            for line in text.split("\n"):
                page.code.add(len(page.lines))
                page.lines.append(line)
        else:
            for line in _without_comments(text).split("\n"):
                _add(page, line)
    for first, last in _paragraphs(page):
        text = "\n".join(page.lines[first:last])
        for pattern, kept in _INLINE:
            text = pattern.sub(kept, text)
        page.lines[first:last] = map(normalise, text.split("\n"))
    while page.lines and not page.lines[-1]:  # what was nothing but marks
        page.lines.pop()
    return page


def _code_marked(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if fence:
            ends = match is not None and match[1].startswith(fence) and not line[match.end() :].strip()
            yield True, "" if ends else line
            fence = "" if ends else fence
        elif match:
            fence = match[1]
            yield True, ""
        else:
            yield False, line


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += text[at:start], "\n" * text.count("\n", start, end)
        at = end + len("-->")
    return "".join(parts) + text[at:]


def _add(page: _Page, line: str) -> None:
    """Add a line to the page without the marks that make it a heading, a quotation or a rule."""
    if match := _QUOTED.match(line):
        line = line[match.end() :]
    index = len(page.lines)
    if match := _HEADING.match(line):
        line = _heading(line[match.end() :])
        page.headings.add(index)
        if match[1] == "#":
            page.titles.add(index)
    elif (
        (match := _UNDERLINE.fullmatch(line))
        and index
        and page.lines[-1]
        and not _stands_alone(page, index - 1)
    ):
        line = ""
        page.headings.add(index - 1)
        if match[1].startswith("="):
            page.titles.add(index - 1)
    elif (
        _RULE.fullmatch(line) or _DEFINITION.fullmatch(line) or ("|" in line and _TABLE_RULE.issuperset(line))
    ):
        line = ""
    page.lines.append(line.rstrip())


def _heading(text: str) -> str:
    bare = text.rstrip().rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else text


def _paragraphs(page: _Page) -> Iterator[tuple[int, int]]:
    """Runs of lines that markup may span; a heading is a run of its own, code is none."""
    first = 0
    for index, line in enumerate(page.lines):
        if index in page.headings and line:
            yield index, index + 1
        if index in page.headings or index in page.code or not line:
            first = index + 1
        elif index + 1 == len(page.lines) or not page.lines[index + 1] or _stands_alone(page, index + 1):
            yield first, index + 1
            first = index + 1


def _soft_breaks(page: _Page) -> Iterator[int]:
    """Indices of the lines that go on the paragraph of the line before them."""
    for index in range(1, len(page.lines)):
        line = page.lines[index]
        if not line or not page.lines[index - 1] or _OWN_LINE.match(line):
            continue
        if not _stands_alone(page, index) and not _stands_alone(page, index - 1):
            yield index


def _stands_alone(page: _Page, index: int) -> bool:
    return index in page.headings or index in page.code


def _next_text(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at
