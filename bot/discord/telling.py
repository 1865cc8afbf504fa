"""What people are told when something is refused or goes wrong, and what the log is told."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
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
# What a request raises that gets no answer: the connection is refused or cut, or nothing comes in time.
UNREACHABLE: tuple[type[Exception], ...] = (aiohttp.ClientError, ConnectionError, TimeoutError)
# Whatever Discord and the way to it can do to a request.
FAULTS: tuple[type[Exception], ...] = (discord.HTTPException, *UNREACHABLE)
_NEEDED = (
    "“View Channel”, “Send Messages” (“Send Messages in Threads”), “Embed Links”, “Read Message History”"
)


def is_expired(error: Exception) -> bool:
    """Whether Discord no longer takes answers to this interaction: it is too old."""
    return isinstance(error, discord.HTTPException) and error.code in _EXPIRED


def kind_of(error: Exception) -> str:
    """One of ``FAULTS`` in a word, for the figures: "expired", "unreachable", or Discord's status."""
    if is_expired(error):
        return "expired"
    return str(error.status) if isinstance(error, discord.HTTPException) else "unreachable"


def in_words(error: Exception, channel_id: int, server_id: int | None) -> str:
    """One of ``FAULTS`` for the log, with the mend where there is one."""
    text = str(error) or type(error).__name__
    if isinstance(error, discord.Forbidden) and server_id is not None:
        return f"{text}; in channel {channel_id} of server {server_id} the bot’s role needs {_NEEDED}"
    return text


def told(error: PullquoteError) -> str:
    """An error as Markdown for anybody: what concerns the operator alone is left to the log."""
    channels = " ".join(f"<#{id_}>" for id_ in error.channels) if isinstance(error, Refusal) else ""
    if isinstance(error, LockedError):
        text = "articles are being taken in just now: try again when that is done"
    elif isinstance(error, SourceError):
        text = f"“{error.source.rpartition('/')[2]}” {error.problem}"
    elif isinstance(error, Refusal) or type(error) is PullquoteError:
        text = str(error)
    else:
        text = "the articles cannot be used at the moment; the operator’s log says why: try again later"
    sentence = " ".join(filter(None, [fitted(text[:1].upper() + text[1:], _MAX_TOLD), channels]))
    return sentence if sentence.rstrip("”").endswith((".", "!", "?", "…")) else f"{sentence}."


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
        except FAULTS as error:
            log.warning("discord refused: %s", str(error) or type(error).__name__)
            if isinstance(error, discord.Forbidden):
                await _told(interaction, "I lack a permission here: a moderator can look at my role.")
        except Exception:
            await _told(interaction, f"That went wrong and is a mistake of mine; the log has it as {id_}.")
            raise


async def _told(interaction: discord.Interaction, text: str) -> None:
    try:
        await tell(interaction, text)
    except FAULTS as error:
        log.info("could not be told: %s", error)
