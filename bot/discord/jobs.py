"""Taking articles in beside the bot: ``pullquote ingest`` in a process of its own.

Embedding loads PyTorch and keeps both cores busy for minutes. In a process of its own it
cannot hold up a heartbeat, and its memory is given back when it ends.
"""

import asyncio
import contextlib
import os
import re
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import StoreError
from index.vectors import write_atomically

# An ingest that takes longer is stopped after the batch in hand; what is in stays in. In seconds.
MAX_TIME = 3600.0
# The operator's own ingest or a doctor's look may hold the index; seconds until it is tried again.
_LOCKED, _LOCKED_PAUSES = "is being written to by", (2.0, 5.0, 10.0)
_MAX_LINES = 20
_MAX_LINE = 64 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an ingest came to: its exit status, its report, and its last lines of trouble."""

    status: int
    report: tuple[str, ...]
    trouble: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it in lines, the report first."""
        return "\n".join([*self.report, *(self.trouble if self.status else ())]) or "nothing was taken in"


def store_upload(folder: Path, name: str, content: bytes) -> Path:
    """Keep an attachment, so that its article can be found again; the same name replaces it.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    path = folder / safe_name(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def safe_name(name: str) -> str:
    """A file's name that means nothing but itself to any program, its ending kept."""
    stem, dot, ending = _UNSAFE.sub("-", name).lstrip(".-").rpartition(".")
    whole = f"{stem[:_MAX_NAME]}{dot}{ending[-12:]}"
    return whole if stem else f"article.{ending[-12:] or 'txt'}"


class Ingests:
    """Runs one ingest after the other for each index."""

    def __init__(self) -> None:
        self._turns: dict[Path, asyncio.Lock] = {}
        self._running: set[asyncio.subprocess.Process] = set()

    async def run(
        self, data_dir: Path, source: str, folder: Path, on_progress: Callable[[str], Awaitable[None]]
    ) -> Outcome:
        """Ingest a ``source``, named as in ``folder``; ``on_progress`` hears a line every few seconds."""
        turn = self._turns.setdefault(data_dir, asyncio.Lock())
        if turn.locked():
            await on_progress("waiting for another ingest to end")
        async with turn:
            for pause in _LOCKED_PAUSES:
                outcome = await self._run(data_dir, source, folder, on_progress)
                if not any(_LOCKED in line for line in outcome.trouble):
                    return outcome
                await on_progress("waiting for another program to end")
                await asyncio.sleep(pause)
            return await self._run(data_dir, source, folder, on_progress)

    async def _run(
        self, data_dir: Path, source: str, folder: Path, on_progress: Callable[[str], Awaitable[None]]
    ) -> Outcome:
        # Not the token: a process that reads what strangers send should hold no secret.
        environment = {key: value for key, value in os.environ.items() if key != "DISCORD_TOKEN"}
        process = await asyncio.create_subprocess_exec(
            # -P: what lies in the folder with uploads is no program.
            sys.executable, "-P", "-m", "bot.cli", "--data-dir", str(data_dir), "ingest", "--", source,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_MAX_LINE,
            start_new_session=True,
        )  # fmt: skip
        self._running.add(process)
        try:
            return await self._followed(process, on_progress)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
            self._running.discard(process)

    async def _followed(
        self, process: asyncio.subprocess.Process, on_progress: Callable[[str], Awaitable[None]]
    ) -> Outcome:
        assert process.stdout is not None
        assert process.stderr is not None
        report, trouble = deque[str](maxlen=_MAX_LINES), deque[str](maxlen=_MAX_LINES)
        progress = asyncio.Queue[str](1)

        async def read(stream: asyncio.StreamReader, lines: deque[str], tells: bool) -> None:
            while line := await _line(stream):
                if tells and line.startswith(("ingesting:", "loading ")):
                    with contextlib.suppress(asyncio.QueueEmpty):
                        progress.get_nowait()
                    progress.put_nowait(line)
                elif line.strip():
                    lines.append(line.rstrip())

        async def tell() -> None:
            while True:
                await on_progress(await progress.get())

        reading = [
            asyncio.create_task(read(process.stdout, report, False)),
            asyncio.create_task(read(process.stderr, trouble, True)),
        ]
        telling = asyncio.create_task(tell())
        try:
            _, late = await asyncio.wait(reading, timeout=MAX_TIME)
            if late:
                process.terminate()
                trouble.append(f"stopped after {MAX_TIME / 60:.0f} minutes; what is in stays in")
            await asyncio.gather(*reading)
            return Outcome(await process.wait(), tuple(report), tuple(trouble))
        finally:
            for task in (telling, *reading):
                task.cancel()
            await asyncio.gather(telling, *reading, return_exceptions=True)

    async def close(self, within: float = 10.0) -> None:
        """Let running ingests finish the batch in hand, at most so many seconds; what is in stays in."""
        running = tuple(self._running)
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(each.wait() for each in running)), within)
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


async def _line(stream: asyncio.StreamReader) -> str:
    """The next line, "" at the end. Of one that is too long the rest is left out."""
    try:
        return (await stream.readline()).decode("utf-8", "replace")
    except ValueError:  # asyncio has dropped what it held of it
        return "…\n"
