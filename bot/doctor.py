"""``pullquote doctor``: is all well, and if not, what to do."""

import sys

import click

from bot.shared import EXIT_ERROR, with_config
from bot.terminal import plain
from index.config import Config

_COLORS = {"ok": "green", "warn": "yellow", "fail": "red"}
_EPILOG = """\b
Examples:
  pullquote doctor
  pullquote doctor --repair     rebuild the indexes from the articles

Exit status: 0 all is well (warnings included), 2 something has to be mended."""


@click.command(epilog=_EPILOG)
@click.option("--repair", "repair_first", is_flag=True, help="Rebuild from the articles what can be rebuilt.")
@with_config
def doctor(*, config: Config, repair_first: bool) -> None:
    """Check configuration, models, index and disk; print the mend for each fault."""
    # Here, not above: help and completion should not wait for it.
    from bot.checkup import findings, repair

    if repair_first:
        repair(config)
    failed = False
    for finding in findings(config):
        failed |= finding.level == "fail"
        level = click.style(f"{finding.level:4}", fg=_COLORS[finding.level])
        click.echo(f"{level} {plain(f'{finding.subject}: {finding.found}')}")
        if finding.mend:
            click.echo(f"     mend: {finding.mend}")
    if failed:
        sys.exit(EXIT_ERROR)
