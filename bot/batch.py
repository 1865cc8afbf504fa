"""Many questions, one model load: ``ask --batch``."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click

from bot.shared import EXIT_ANSWERED, EXIT_ERROR, EXIT_NO_ANSWER, clean, read_day, standard_input
from bot.wire import error_json, to_json
from index.answer import Question
from index.engine import Engine
from index.errors import SourceError
from index.types import Filters

_MAX_LINE = 1_000_000


class _BadLineError(ValueError):
    """A line that is no question; its text says why."""


def run_batch(engine: Engine, defaults: Question, source: Path) -> int:
    """Answer each line of ``source`` ("-": standard input) as one JSON line, in order.

    A line that is no question gets an error object in its place. Returns the exit
    status: 2 if any line was broken, else 0 if any question was answered, else 1.

    Raises:
        SourceError: the file cannot be read.
    """
    answered = broken = False
    for line in _lines(source):
        if not line.strip():
            continue
        result, ok = _answer_line(engine, defaults, line)
        broken |= not ok
        answered |= bool(result["answered"])
        click.echo(json.dumps(result, ensure_ascii=False))
    return EXIT_ERROR if broken else EXIT_ANSWERED if answered else EXIT_NO_ANSWER


def _lines(source: Path) -> Iterator[str]:
    """Lines, each at most a little over the limit: enough to see that it is too long.

    Raises:
        SourceError: the file cannot be read.
    """
    try:
        file = standard_input() if str(source) == "-" else source.open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise _unreadable(source, error) from error
    with file:
        while line := _next_line(source, file):
            yield line
            while len(line) > _MAX_LINE and not line.endswith("\n"):
                line = _next_line(source, file)


def _next_line(source: Path, file: TextIO) -> str:
    try:
        return file.readline(_MAX_LINE + 1)
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Path, error: OSError) -> SourceError:
    return SourceError(str(source), f"cannot be read: {error.strerror or error}")


def _answer_line(engine: Engine, defaults: Question, line: str) -> tuple[dict[str, Any], bool]:
    fields: dict[str, Any] = {}
    try:
        fields = _fields(line)
        question = _question(fields, defaults)
    except _BadLineError as error:
        text = fields.get("question")
        return error_json(str(error), clean(text) if isinstance(text, str) else None, _id(fields)), False
    return to_json(engine.answer(question), _id(fields)), True


def _id(fields: dict[str, Any]) -> str | int | None:
    id_ = fields.get("id")
    if isinstance(id_, str):
        return clean(id_)
    return id_ if isinstance(id_, int) and not isinstance(id_, bool) else None


def _fields(line: str) -> dict[str, Any]:
    if len(line) > _MAX_LINE:
        raise _BadLineError(f"the line is longer than {_MAX_LINE:,} characters")
    if not line.lstrip().startswith("{"):
        return {"question": line.strip()}
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadLineError(f"the line is not valid JSON: {error}") from error
    return dict(fields)


def _question(fields: dict[str, Any], defaults: Question) -> Question:
    text = fields.get("question")
    if not isinstance(text, str) or not text.strip():
        raise _BadLineError('"question" is missing or is not text')
    publisher = fields.get("publisher", defaults.filters.publisher)
    if publisher is not None and not isinstance(publisher, str):
        raise _BadLineError('"publisher" must be text')
    since = _day(fields, "since", last=False) or defaults.filters.since
    until = _day(fields, "until", last=True) or defaults.filters.until
    return replace(
        defaults,
        text=clean(text).strip(),
        filters=Filters(since, until, publisher and clean(publisher)),
        as_of=_day(fields, "as_of", last=True) or defaults.as_of,
    )


def _day(fields: dict[str, Any], name: str, *, last: bool) -> date | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        return read_day(str(value), last=last)
    except ValueError as error:
        raise _BadLineError(f'"{name}" must be a date such as 2024-01-29, not {value!r}') from error
