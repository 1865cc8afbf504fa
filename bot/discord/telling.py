"""What people are told when something is refused or goes wrong, and what the log is told."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bot.discord.card import new_id
from bot.discord.errors import Refusal
from bot.discord.logs import question
from bot.discord.text import fitted
from index.errors import LockedError, PullquoteError, SourceError

log = logging.getLogger("pullquote")
_MAX_TOLD = 1500
UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, INVALID_TOKEN = 10062, 10015, 50027
_EXPIRED = {UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, INVALID_TOKEN}


def is_expired(error: discord.HTTPException) -> bool:
    """Whether Discord no longer takes answers to this interaction: it is too old."""
    return error.code in _EXPIRED


def told(error: PullquoteError) -> str:
    """An error as Markdown for anybody: what concerns the operator alone is left to the log."""
    channels = " ".join(f"<#{id_}>" for id_ in error.channels) if isinstance(error, Refusal) else ""
    if isinstance(error, LockedError):
        text = "articles are being taken in just now: try again when that is done"
    elif isinstance(error, SourceError):
        text = f"{error.source.rpartition('/')[2]}: {error.problem}"
    elif isinstance(error, Refusal) or type(error) is PullquoteError:
        text = str(error)
    else:
        text = "the articles cannot be used at the moment; the operator’s log says why: try again later"
    return f"{fitted(text[:1].upper() + text[1:], _MAX_TOLD)}{' ' + channels if channels else ''}"


async def tell(interaction: discord.Interaction, markdown: str) -> None:
    """Say something to the one who acted, and to nobody else."""
    if interaction.response.is_done():
        await interaction.followup.send(markdown, ephemeral=True, suppress_embeds=True)
    else:
        await interaction.response.send_message(markdown, ephemeral=True, suppress_embeds=True)


@asynccontextmanager
async def reported(interaction: discord.Interaction) -> AsyncIterator[None]:
    """Around what an interaction does: every error is told to the user and logged, under one id.

    What Discord itself refuses (a message that is gone, a missing permission, an interaction
    that is too old) ends here; a bug goes on to the tree's error handler, which counts it.
    """
    id_ = new_id()
    with question(id_):
        try:
            yield
        except PullquoteError as error:
            log.log(logging.INFO if isinstance(error, Refusal) else logging.ERROR, "refused: %s", error)
            await _told(interaction, told(error))
        except discord.HTTPException as error:
            log.warning("discord refused: %s", error)
            if isinstance(error, discord.Forbidden):
                await _told(interaction, "I lack a permission here: a moderator can look at my role.")
        except Exception:
            await _told(interaction, f"That went wrong and is a mistake of mine; the log has it as {id_}.")
            raise


async def _told(interaction: discord.Interaction, text: str) -> None:
    try:
        await tell(interaction, text)
    except discord.HTTPException as error:
        log.info("could not be told: %s", error)
