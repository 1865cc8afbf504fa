"""``ask`` without a question: a prompt with history."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import click

from bot.ask import answer_one
from bot.shared import clean, standard_input
from index.answer import Question
from index.engine import Engine
from index.errors import PullquoteError

_HISTORY_LENGTH = 1000


def run_prompt(engine: Engine, defaults: Question, history: Path, *, as_json: bool, explain: bool) -> int:
    """Answer line after line until the input ends. Returns the exit status of the last question."""
    interactive = standard_input().isatty()
    if interactive:
        counts = engine.store.counts()
        click.echo(f"{counts['articles']:,} articles. Ask, or leave with Ctrl-D.", err=True)
    status = 0
    with _history(history, interactive):
        while True:
            try:
                text = clean(input("? " if interactive else "")).strip()
            except EOFError:
                break
            except KeyboardInterrupt:
                click.echo(err=True)
                continue
            if text in {"exit", "quit"}:
                break
            if text:
                status = _answer(engine, replace(defaults, text=text), as_json=as_json, explain=explain)
    if interactive:
        click.echo(err=True)
    return status


def _answer(engine: Engine, question: Question, *, as_json: bool, explain: bool) -> int:
    try:
        status = answer_one(engine, question, as_json=as_json, explain=explain)
    except PullquoteError as error:
        # One failed question should not end a conversation.
        click.echo(f"error: {error}", err=True)
        status = 2
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        status = 130
    click.echo()
    return status


@contextmanager
def _history(path: Path, interactive: bool) -> Iterator[None]:
    """Arrow keys and a history file, where Python has readline and a person is typing."""
    try:
        import readline
    except ImportError:
        interactive = False
    if not interactive:
        yield
        return
    readline.set_history_length(_HISTORY_LENGTH)
    with suppress(OSError):
        readline.read_history_file(path)
    try:
        yield
    finally:
        with suppress(OSError):
            readline.write_history_file(path)
