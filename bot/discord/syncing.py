"""Telling Discord which commands there are, when they have changed: it allows that few times a day."""

import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord.ledger import Ledger

log = logging.getLogger("pullquote")


async def sync_commands(
    tree: app_commands.CommandTree[Any], ledger: Ledger, *, force: bool = False, guild: int | None = None
) -> bool:
    """Send the commands if they are others than those last sent, or if ``force``; whether they were sent.

    For one ``guild`` they come at once and beside the common ones; common ones take up to an hour.

    Raises:
        discord.HTTPException: Discord does not take them.
    """
    where = None if guild is None else discord.Object(guild)
    if where is not None:
        tree.copy_global_to(guild=where)
    digest = commands_digest(tree, where)
    key = f"commands of {tree.client.application_id} in {guild or 'all servers'}"
    if not force and ledger.noted(key) == digest:
        return False
    sent = await tree.sync(guild=where)
    ledger.note(key, digest)
    log.info("%d commands sent to %s", len(sent), "all servers" if guild is None else f"server {guild}")
    return True


def commands_digest(tree: app_commands.CommandTree[Any], guild: discord.abc.Snowflake | None) -> str:
    """The SHA-256 of all that Discord is told of the commands."""
    commands = sorted(
        json.dumps(command.to_dict(tree), sort_keys=True) for command in tree.get_commands(guild=guild)
    )
    menus = [
        json.dumps(menu.to_dict(tree), sort_keys=True)
        for kind in (discord.AppCommandType.message, discord.AppCommandType.user)
        for menu in tree.get_commands(guild=guild, type=kind)
    ]
    return hashlib.sha256("\n".join(commands + sorted(menus)).encode()).hexdigest()
