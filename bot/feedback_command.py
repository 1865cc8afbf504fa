"""``pullquote feedback``: what people said of the Discord bot's answers."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.shared import EXIT_NO_ANSWER, DateParameter, with_config
from index.config import Config

if TYPE_CHECKING:
    from bot.discord.feedback import Export

_EPILOG = """\b
Example:
  pullquote feedback export cases.jsonl       and then: pullquote eval ~/articles cases.jsonl"""

_EXPORT_EPILOG = """\b
A good verdict on an answer makes its words the accepted ones, and one on "the articles do not say" makes
the question unanswerable; so does "should have abstained". Any other bad verdict makes the answer a rejected
one: `pullquote eval` tells whether it is still given. The same question of the same day with the same answer
is one case, decided by the majority, each user counted once; ties are left out. So are, without --all,
questions of which people say that the articles do answer them: add "answers" and take "supported" away.

\b
The cases hold questions, answers and comments as people typed them, but no ids of users or servers.

\b
Examples:
  pullquote feedback export                               to standard output
  pullquote feedback export cases.jsonl --since 2024-06   and then: pullquote eval ~/articles cases.jsonl
  pullquote feedback export --server 123456789012345678   one server's only

Exit status: 0 cases were written, 1 there are none, 2 error."""


@click.group(epilog=_EPILOG)
def feedback() -> None:
    """Use what people said of the Discord bot's answers."""


@feedback.command(epilog=_EXPORT_EPILOG)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
@click.option("--server", type=click.IntRange(min=1), help="Only this server's, by Discord's id of it.")
@click.option("--since", type=DateParameter(), help="Only questions asked on this day (UTC) or later.")
@click.option("--all", "with_unknown", is_flag=True, help="Also those whose right answer nobody has said.")
@with_config
def export(*, config: Config, file: Path, server: int | None, since: date | None, with_unknown: bool) -> None:
    """Write the verdicts to FILE as JSON lines: questions that `pullquote eval` asks again."""
    # Here, not above: help and completion should not wait for it.
    from bot.discord.feedback import export as exported
    from bot.discord.ledger import Ledger

    with Ledger(config.data_dir, create=False) as ledger:
        found = exported(
            (
                (card, each)
                for card, each in ledger.feedback()
                if (server is None or card.server_id == server)
                and (since is None or card.asked_at[:10] >= since.isoformat())
            ),
            with_unknown=with_unknown,
        )
    if found.cases:
        _write(file, "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in found.cases))
    click.echo(_summary(found, with_unknown), err=True)
    if not found.cases:
        sys.exit(EXIT_NO_ANSWER)


def _write(file: Path, text: str) -> None:
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    from index.vectors import write_atomically

    write_atomically(file, text.encode("utf-8", "replace"))


def _summary(found: "Export", with_unknown: bool) -> str:
    text = f"{_counted(len(found.cases), 'case')} from {_counted(found.verdicts, 'verdict')}"
    if found.tied:
        text += f"; left out: {_counted(found.tied, 'tie')}"
    if found.unknown and with_unknown:
        text += f'; {found.unknown:,} without "answers", which `pullquote eval` leaves out until you add them'
    elif found.unknown:
        text += (
            f"; left out: {_counted(found.unknown, 'question')} of which people say that the articles answer"
            " them, but not how (--all)"
        )
    return text


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
