"""``ask`` without a question: a prompt with history, which understands follow-ups."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import click

from bot.ask import show
from bot.conversation import Turn, follow_up, turn
from bot.shared import EXIT_ANSWERED, EXIT_NO_ANSWER, clean, standard_input
from bot.terminal import Style, plain
from index.answer import Question
from index.engine import Engine
from index.errors import PullquoteError
from index.types import Answer

FORGET = "/new"
_DIM = "2"  # as in bot/terminal.py
_HISTORY_LENGTH = 1000


def run_prompt(engine: Engine, defaults: Question, history: Path, *, as_json: bool, explain: bool) -> int:
    """Answer line after line until the input ends. Returns the exit status of the last question.

    Each question follows up the one before it, unless the line ``/new`` comes between them.
    """
    interactive = standard_input().isatty()
    if interactive:
        counts = engine.store.counts()
        opening = f"{counts['articles']:,} articles. Ask, or leave with Ctrl-D."
        click.echo(f"{opening} {FORGET} forgets what was asked before.", err=True)
    status = 0
    last: Turn | None = None
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
            if text == FORGET:
                last = None
            elif text:
                asked = follow_up(replace(defaults, text=text), last)
                if asked.text != text:
                    _tell_understood(asked.text)
                status, answer = _answer(engine, asked, as_json=as_json, explain=explain)
                # A question that failed came to nothing: the next still follows the one before it.
                last = turn(answer) if answer else last
    if interactive:
        click.echo(err=True)
    return status


def _tell_understood(text: str) -> None:
    """What is asked of the articles instead of what was typed: for a person to see, not for a pipe."""
    if sys.stderr.isatty():
        told = f"understood as: {' '.join(plain(text).split())}"
        click.echo(Style.for_stream(sys.stderr).paint(told, _DIM), err=True, color=True)


def _answer(engine: Engine, question: Question, *, as_json: bool, explain: bool) -> tuple[int, Answer | None]:
    """Answer one question on standard output; the status, and the answer if it came to one."""
    answer = None
    try:
        answer = engine.answer(question)
        show(engine, question, answer, as_json=as_json, explain=explain)
        status = EXIT_ANSWERED if answer.answered else EXIT_NO_ANSWER
    except PullquoteError as error:
        # One failed question should not end a conversation.
        click.echo(f"error: {error}", err=True)
        status = 2
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        status = 130
    click.echo()
    return status, answer


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
