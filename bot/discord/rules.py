"""Who may ask where, how often, and who may manage. Knows no Discord: ids and numbers only."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum

from bot.discord.settings import ServerSettings

_MINUTE = 60.0
# Keys are looked through for idle ones when there are this many, so that they do not grow for ever.
_SWEEP = 1000


class Place(Enum):
    """How a question that was asked in some channel is answered."""

    OPEN = "for all to see"
    PRIVATE = "to the asker only"
    CLOSED = "not at all"


def place_of(settings: ServerSettings, channels: Iterable[int], user: int) -> Place:
    """How a server's settings have it; ``channels`` are the channel and, of a thread, its parent."""
    here = frozenset(channels)
    if user in settings.blocked_users or here & frozenset(settings.blocked_channels):
        return Place.CLOSED
    if not settings.channels or here & frozenset(settings.channels):
        return Place.OPEN
    return Place.PRIVATE if settings.private_elsewhere else Place.CLOSED


def may_manage(settings: ServerSettings, *, manage_server: bool, roles: Iterable[int]) -> bool:
    """Whether somebody with these roles may ingest, remove and configure."""
    return manage_server or (settings.manager_role is not None and settings.manager_role in set(roles))


class Rate:
    """At most ``limit`` events of one key in any minute; 0 is no limit."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._events: dict[int, deque[float]] = {}

    def wait(self, key: int) -> float:
        """Seconds until the next event of this key may be, 0 if it may be now."""
        events = self._recent(key)
        if not self._limit or len(events) < self._limit:
            return 0.0
        return max(0.0, events[-self._limit] + _MINUTE - self._clock())

    def count(self, key: int) -> None:
        """Note that there was one now."""
        if not self._limit:
            return
        if len(self._events) >= _SWEEP:
            for each in list(self._events):
                if not self._recent(each):
                    del self._events[each]
        self._events.setdefault(key, deque(maxlen=self._limit)).append(self._clock())

    def _recent(self, key: int) -> deque[float]:
        events = self._events.get(key, deque())
        while events and events[0] <= self._clock() - _MINUTE:
            events.popleft()
        return events
