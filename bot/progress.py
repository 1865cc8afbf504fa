"""Progress of long work: a bar on a terminal, a plain line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import click

# Not shown at all for work that is over sooner.
_DELAY = 1.0
_INTERVAL = 5.0
_REFRESH = 0.1


class Progress:
    """Says on standard error how far the work is, how fast it goes and how long it will take.

    ``total`` and what ``update`` gets are in any one unit (bytes, passages); the text
    beside them is the caller's.
    """

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = total
        self._started = time.monotonic()
        self._said = self._started + _DELAY - _INTERVAL
        self._bar: Any = None

    def update(self, done: int, text: str) -> None:
        """Show that ``done`` of the total is done."""
        now = time.monotonic()
        if now - self._started < _DELAY:
            return
        if sys.stderr.isatty():
            if now - self._said >= _REFRESH:
                self._said = now
                self._show_bar(done, text)
        elif now - self._said >= _INTERVAL:
            self._said = now
            click.echo(f"{self._label}: {self._share(done, now)}{text}", err=True)

    def _show_bar(self, done: int, text: str) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=self._total or None,
                desc=self._label,
                file=sys.stderr,
                dynamic_ncols=True,
                leave=False,
                # tqdm puts a comma before the postfix.
                bar_format="{desc} {percentage:3.0f}%{postfix}, {remaining} left |{bar}|"
                if self._total
                else "{desc}{postfix}, {elapsed}",
            )
            self._bar.start_t -= time.monotonic() - self._started
        self._bar.n = min(done, self._total) if self._total else done
        self._bar.postfix = text
        self._bar.refresh()

    def _share(self, done: int, now: float) -> str:
        if not self._total or not done:
            return ""
        left = (now - self._started) * max(0, self._total - done) / done
        return f"{min(1, done / self._total):.0%}, {_clock(left)} left, "

    def write(self, text: str) -> None:
        """Print a line on standard error without tearing the bar."""
        if self._bar is not None:
            self._bar.clear()
        click.echo(text, err=True)
        if self._bar is not None:
            self._bar.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def stoppable(message: str) -> Iterator[Callable[[], bool]]:
    """Make the first Ctrl-C (or SIGTERM) a wish that the given callable tells; the second stops at once."""
    import signal

    wished = False

    def wish(number: int, frame: object) -> None:
        nonlocal wished
        if wished:
            raise KeyboardInterrupt
        wished = True
        click.echo(f"\n{message}", err=True)

    before = {number: signal.signal(number, wish) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: wished
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
