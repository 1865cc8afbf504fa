"""One writer at a time, across processes, by a lock that says who holds it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LockedError, StoreError

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"


@contextmanager
def writer_lock(data_dir: Path) -> Iterator[None]:
    """Hold the data folder's writer lock; the system frees it if the process dies.

    Raises:
        LockedError: another process holds it; the text gives its pid and since when.
        StoreError: the data folder cannot be made or written.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data_dir / LOCK_NAME)
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(f"{data_dir} is being written to by {_holder(data_dir)}: wait or stop it") from None
    except OSError as error:
        raise StoreError(
            f"the data folder {data_dir} cannot be written: {error.strerror or error}"
        ) from error
    holder = data_dir / HOLDER_NAME
    try:
        # The lock is what counts; who holds it is only told where there is room to write it.
        with suppress(OSError):
            now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "since": now}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(data_dir: Path) -> str:
    try:
        holder = json.loads((data_dir / HOLDER_NAME).read_text(encoding="utf-8"))
        return f"process {holder['pid']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "another process"
