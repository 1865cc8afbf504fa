"""What a server decides for itself, set by ``/config``."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from index.errors import PullquoteError, StoreError

_COLLECTION = re.compile("[a-z0-9_-]{1,32}")
_SHOWN = 40  # characters of what was typed, in a message about it


def collection_name(text: str) -> str:
    """``text``, trimmed, if a collection of articles may be called that; it is a folder's name too.

    Raises:
        PullquoteError: it has other characters than a-z, 0-9, "-" and "_", or not 1 to 32 of them.
    """
    name = text.strip()
    if not _COLLECTION.fullmatch(name):
        shown = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
        raise PullquoteError(
            f"{shown!r} cannot be the name of a collection: use 1 to 32 of the lower-case letters a to z,"
            ' digits, "-" and "_", such as "local-news"'
        )
    return name


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the bot behaves in one server. Ids are Discord's; None and empty mean "not set".

    In ``channels`` it answers in public, where there are none everywhere. In the others
    it answers so that only the asker sees it, or with ``private_elsewhere`` false not at
    all. ``since``, ``until`` (inclusive) and ``publisher`` are the filters of a question
    that names none; ``min_confidence`` is from 0 to 1. Feedback is reported in
    ``feedback_channel``; ``manager_role`` may manage as well as those whom Discord lets.
    ``collection`` is the one collection of articles that the server asks and ingests to.

    The constructor raises PullquoteError where values cannot be, so no such settings exist.
    """

    channels: tuple[int, ...] = ()
    private_elsewhere: bool = True
    since: date | None = None
    until: date | None = None
    publisher: str | None = None
    min_confidence: float | None = None
    feedback_channel: int | None = None
    manager_role: int | None = None
    collection: str | None = None
    blocked_users: tuple[int, ...] = ()
    blocked_channels: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        # Also false for a NaN.
        if self.min_confidence is not None and not 0 <= self.min_confidence <= 1:
            raise PullquoteError(f"the minimum confidence must be from 0 to 1, not {self.min_confidence:g}")
        if self.since and self.until and self.since > self.until:
            raise PullquoteError(f"no article is both since {self.since} and until {self.until}")
        if self.collection is not None:
            collection_name(self.collection)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, days in ISO 8601."""
        values = asdict(self)
        for name in _DAYS:
            values[name] = values[name] and values[name].isoformat()
        for name in _LISTS:
            values[name] = list(values[name])
        return values

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What ``to_json`` gave, back; keys of a newer version are ignored, missing ones not set.

        Raises:
            StoreError: a value is not of its key's type, or cannot be; names the key.
        """
        found = {key: _read(key, each) for key, each in value.items() if key in _READERS}
        try:
            return cls(**found)
        except PullquoteError as error:
            raise StoreError(f"the stored settings are damaged: {error}") from error


def _read(key: str, value: Any) -> Any:
    try:
        return _READERS[key](value)
    except (TypeError, ValueError) as error:
        raise StoreError(f"the stored settings are damaged: {key} cannot be {value!r}") from error


def _id(value: Any) -> int:
    # bool is an int to isinstance, and to nobody else.
    if type(value) is not int:
        raise TypeError
    return value


def _ids(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_id, value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError
    return float(value)


def _or_none(read: Any) -> Any:
    return lambda value: None if value is None else read(value)


_DAYS = ("since", "until")
_LISTS = ("channels", "blocked_users", "blocked_channels")
_READERS = {
    **dict.fromkeys(_LISTS, _ids),
    **dict.fromkeys(_DAYS, _or_none(date.fromisoformat)),
    **dict.fromkeys(("feedback_channel", "manager_role"), _or_none(_id)),
    **dict.fromkeys(("publisher", "collection"), _or_none(_text)),
    "private_elsewhere": _flag,
    "min_confidence": _or_none(_number),
}
