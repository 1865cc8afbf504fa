"""What both commands have in common: options, dates, and how errors reach people."""

import os
import sys
import traceback
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from index.config import Config, load_config
from index.errors import PullquoteError, SourceError

EXIT_ANSWERED, EXIT_NO_ANSWER, EXIT_ERROR, EXIT_INTERRUPTED, EXIT_BROKEN_PIPE = 0, 1, 2, 130, 141

_P = ParamSpec("_P")
_R = TypeVar("_R")


class DateParameter(click.ParamType[date]):
    """YYYY-MM-DD, or YYYY-MM or YYYY for the first day of it (the last, if ``last``)."""

    name = "date"

    def __init__(self, *, last: bool = False) -> None:
        self._last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """A date from what was typed, or a usage error that shows the form."""
        if isinstance(value, date):
            return value
        try:
            return read_day(str(value), last=self._last)
        except ValueError:
            self.fail(f"{value!r} is not a date: write 2024-01-29, 2024-01 or 2024", param, ctx)


def read_day(text: str, *, last: bool = False) -> date:
    """A date from YYYY-MM-DD; from YYYY-MM or YYYY its first day, or its last.

    Raises:
        ValueError: it has another form, or there is no such day.
    """
    parts = text.strip().split("-")
    if not all(part.isdecimal() and part.isascii() for part in parts) or [len(p) for p in parts] not in (
        [4],
        [4, 2],
        [4, 2, 2],
    ):
        raise ValueError(f"{text!r} is not a date")
    year = int(parts[0])
    month = int(parts[1]) if len(parts) > 1 else 12 if last else 1
    if len(parts) == 3:
        return date(year, month, int(parts[2]))
    date(year, month, 1)
    return date(year, month, monthrange(year, month)[1] if last else 1)


_COMMON = (
    click.option("-v", "--verbose", is_flag=True, help="Show where an error comes from."),
    click.option(
        "--data-dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder that holds the index.  [default: the user's data folder]",
    ),
    click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Configuration file.  [default: ./pullquote.toml, then the user's]",
    ),
)
_COMMON_NAMES = ("verbose", "data_dir", "config_file")
_COMMON_KEY = "pullquote.common"


def version_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--version``."""
    option = click.version_option(package_name="pullquote", message="%(prog)s %(version)s")
    return option(command)


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--config``, ``--data-dir`` and ``--verbose``, kept for ``with_config`` below a group too."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        common = click.get_current_context().meta.setdefault(_COMMON_KEY, {})
        # What stands nearer to the subcommand wins.
        common.update({name: value for name in _COMMON_NAMES if (value := kwargs.pop(name))})
        return command(*args, **kwargs)

    for option in _COMMON:
        run = option(run)
    return run


def with_config(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the ``config`` that the common options ask for, and report its errors."""

    @common_options
    @wraps(command)
    @reports_errors
    def run(*args: Any, **kwargs: Any) -> Any:
        common = _common()
        config: Config = load_config(common.get("config_file"), common.get("data_dir"))
        return command(*args, config=config, **kwargs)

    return run


def _common() -> dict[str, Any]:
    context = click.get_current_context(silent=True)
    common: dict[str, Any] = context.meta.get(_COMMON_KEY, {}) if context else {}
    return common


def config_file() -> Path | None:
    """The configuration file that was named with ``--config``."""
    file: Path | None = _common().get("config_file")
    return file


def is_verbose() -> bool:
    """Whether ``--verbose`` was given."""
    return bool(_common().get("verbose"))


def standard_input() -> TextIOWrapper:
    """Standard input as UTF-8, with or without a byte order mark; wrong bytes are replaced.

    Raises:
        SourceError: it is closed.
    """
    if not isinstance(sys.stdin, TextIOWrapper):
        raise SourceError("standard input", "is closed")
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    return sys.stdin


def clean(text: str) -> str:
    """Text as typed, trimmed, in Unicode's NFC as the articles are, without halves of surrogate pairs."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")).strip()


def reports_errors(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Print what went wrong as one line on standard error and exit with 2."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            if sys.stdout is None:
                fail("standard output is closed: there is nowhere to print to")
            result = command(*args, **kwargs)
            sys.stdout.flush()
            return result
        except PullquoteError as error:
            fail(str(error))
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            sys.exit(EXIT_INTERRUPTED)
        except (click.ClickException, click.Abort):
            raise
        except BrokenPipeError:
            # As a shell reports it; the interpreter must not try to flush what nobody reads.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(EXIT_BROKEN_PIPE)
        except OSError as error:
            fail(f"{error.filename or 'standard output'}: {error.strerror or error}")
        except Exception as error:  # noqa: BLE001 - a bug must not look like an answer, nor spill a traceback
            fail(f"{type(error).__name__}: {error} (this is a bug in pullquote; --verbose shows where)")

    return run


def fail(message: str) -> NoReturn:
    """Print an error and exit with 2; with ``--verbose`` also where it came from."""
    if _common().get("verbose") and sys.exc_info()[0]:
        traceback.print_exc()
    click.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(EXIT_ERROR)
