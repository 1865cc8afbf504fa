"""``pullquote discord``: the command; ``bot/discord/`` does it."""

import asyncio
import os
import sys

import click

from bot.shared import config_file, is_verbose, with_config
from index.config import ENVIRONMENT_VARIABLE, Config, find_config

_EPILOG = """\b
The token comes from the environment:
  DISCORD_TOKEN=… pullquote discord --invite     who may add the bot opens the link that is printed
  DISCORD_TOKEN=… pullquote discord              answers until it is stopped with Ctrl-C or SIGTERM

\b
More examples:
  pullquote discord --metrics-port 9464          figures for Prometheus at http://127.0.0.1:9464/metrics
  pullquote discord --guild 1200000000000000000  commands in that server at once, while developing

docs/discord.md explains every step.
Exit status: 0 stopped, 2 error, 75 Discord cannot be reached: try again later."""
# EX_TEMPFAIL of sysexits.h: what restarts services may try again.
_TEMPORARY = 75


@click.command(epilog=_EPILOG)
@click.option("--invite", is_flag=True, help="Print the link that adds the bot to a server, and stop.")
@click.option("--sync", is_flag=True, help="Send the commands to Discord even if they have not changed.")
@click.option("--guild", type=click.IntRange(1), metavar="ID", help="Send the commands to this server only.")
@click.option(
    "--metrics-port", type=click.IntRange(1, 65535), help="Serve figures for Prometheus at this local port."
)
@with_config
def discord(*, config: Config, invite: bool, sync: bool, guild: int | None, metrics_port: int | None) -> None:
    """Answer questions on Discord."""
    # Here, not above: help and completion should not wait for it.
    from bot.discord import starting
    from bot.discord.errors import Unreachable

    try:
        if invite:
            click.echo(asyncio.run(starting.invite()))
        else:
            _run(config, sync, guild, metrics_port)
    except Unreachable as error:
        click.echo(f"error: {' '.join(str(error).split())}", err=True)
        sys.exit(_TEMPORARY)


def _run(config: Config, sync: bool, guild: int | None, metrics_port: int | None) -> None:
    from bot.discord import starting
    from bot.discord.logs import set_up

    # For the ingests that the bot starts, which run elsewhere.
    if (file := find_config(config_file())) is not None:
        os.environ[ENVIRONMENT_VARIABLE] = str(file)
    set_up(json=config.discord.log_json, verbose=is_verbose(), stream=sys.stderr, token=starting.token())
    asyncio.run(starting.run(config, sync=sync, guild=guild, metrics_port=metrics_port))
