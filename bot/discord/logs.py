"""The bot's log: a line an event, plain or JSON, each with the id of the question it is about."""

import json
import logging
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

OUR_LOGGER = "pullquote"

_question_id: ContextVar[str | None] = ContextVar("question_id", default=None)
# Attributes that every record has; what else it has was given as ``extra``.
_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "question_id"}
# What ends a line, moves a terminal's cursor or reorders what follows it.
_UNPLAIN = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_TOKENS = re.compile(
    # A bot's token: its id, a time and a signature, in base64.
    r"[\w-]{20,40}\.[\w-]{6}\.[\w-]{27,}"
    # In the address of a webhook or interaction: whoever has it can post as the bot.
    r"|(?<=/webhooks/)(\d+)/[\w%.-]{20,}|(?<=/interactions/)(\d+)/[\w%.-]{20,}"
)
_REDACTED = "[redacted]"


def set_up(json: bool, verbose: bool, stream: TextIO, token: str | None = None) -> None:
    """Send the log to ``stream``, as JSON objects or plain lines; calling again replaces that.

    ``verbose`` adds our own details and what discord.py says of its connections. ``token``
    never appears in the log, and neither does what has a token's form.
    """
    handler = _Handler(stream)
    handler.addFilter(_add_question_id)
    handler.setFormatter(_JsonLines(token) if json else _PlainLines(token))
    root = logging.getLogger()
    for other in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(other)
    root.addHandler(handler)
    logging.getLogger(OUR_LOGGER).setLevel(logging.DEBUG if verbose else logging.INFO)
    # At DEBUG it would log every event, and with it what people write to each other.
    logging.getLogger("discord").setLevel(logging.INFO if verbose else logging.WARNING)


@contextmanager
def question(id: str) -> Iterator[None]:
    """Whatever is logged within, by this task or by those that it starts, is about this question."""
    token = _question_id.set(id)
    try:
        yield
    finally:
        _question_id.reset(token)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, to be told from those of others."""


def _add_question_id(record: logging.LogRecord) -> bool:
    record.question_id = _question_id.get()
    return True


class _Lines(logging.Formatter):
    """A record as text without secrets, however they came into it: message, extra or traceback."""

    def __init__(self, token: str | None) -> None:
        super().__init__()
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text = self.lines(record)
        if self._token:
            text = text.replace(self._token, _REDACTED)
        return _TOKENS.sub(_redacted, text)

    def lines(self, record: logging.LogRecord) -> str:
        raise NotImplementedError


class _JsonLines(_Lines):
    def lines(self, record: logging.LogRecord) -> str:
        found = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "question_id": _id_of(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            found["error"] = f"{type(error).__name__}: {error}"
            found["trace"] = self.formatException(record.exc_info)
        extra = {key: _plain(value) for key, value in _extra(record).items() if key not in found}
        # ASCII, so that nothing in it can be taken for the end of a line.
        return json.dumps(found | extra)


class _PlainLines(_Lines):
    def lines(self, record: logging.LogRecord) -> str:
        origin = "" if record.name.split(".")[0] == OUR_LOGGER else f"{record.name}: "
        line = f"{_time(record)} {record.levelname} [{_id_of(record) or '-'}] {origin}{record.getMessage()}"
        pairs = (f" {key}={_value(value)}" for key, value in _extra(record).items())
        line = _escaped(line + "".join(pairs))
        if record.exc_info and record.exc_info[1] is not None:
            trace = self.formatException(record.exc_info)
            line += "".join(f"\n    {_escaped(each)}" for each in trace.split("\n"))
        return line


def _time(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _id_of(record: logging.LogRecord) -> str | None:
    return getattr(record, "question_id", None)


def _extra(record: logging.LogRecord) -> Mapping[str, Any]:
    return {key: value for key, value in vars(record).items() if key not in _USUAL}


def _plain(value: Any) -> Any:
    """A value that JSON has; anything else as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _value(value: Any) -> str:
    text = str(value)
    # Quoted where it would not be one word, so that it cannot pass for another pair.
    return text if re.fullmatch(r'[^\s"=]+', text) else json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> str:
    return _UNPLAIN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def _redacted(match: re.Match[str]) -> str:
    id_ = match[1] or match[2]
    return f"{id_}/{_REDACTED}" if id_ else _REDACTED
