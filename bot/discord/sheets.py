"""Where an answer appears: in place of a command's "thinking…", or as a reply to a message."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import discord

from bot.discord.telling import FAULTS, is_expired

log = logging.getLogger("pullquote")
_T = TypeVar("_T")
_ACKNOWLEDGED_ALREADY = 40060
# In seconds: between tries, and after which no new one is made, as discord.py has tried for long by itself.
_PAUSES, _PATIENCE = (0.5, 1.0, 2.0), 10.0
_TYPING_WITHIN = 1.0
# Fewer questions before one's own are answered before a notice of them has been read.
_WORTH_TELLING = 3


async def persistently(request: Callable[[], Awaitable[_T]]) -> _T:
    """The result of ``request``, which is made up to four times where it meets 503 or a cut connection.

    Only for what may be heard twice: a lost answer is no proof that nothing was heard. Other
    refusals, and the last one, come through; discord.py itself waits for 429 and tries again after 500.
    """
    started = time.monotonic()
    for pause in _PAUSES:
        try:
            return await request()
        except FAULTS as error:
            gone = isinstance(error, discord.HTTPException) and error.status != 503
            if gone or time.monotonic() - started > _PATIENCE:
                raise
            log.info("tried again in %.1f s: %s", pause, str(error) or type(error).__name__)
            await asyncio.sleep(pause)
    return await request()


class CommandSheet:
    """The answer to a slash command or a menu."""

    def __init__(self, interaction: discord.Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private

    @classmethod
    async def deferred(cls, interaction: discord.Interaction, *, private: bool) -> Self:
        """Tell Discord that the answer will come, which it wants to hear within three seconds.

        Raises:
            discord.HTTPException: it does not hear it, such as too late.
        """
        try:
            await persistently(lambda: interaction.response.defer(ephemeral=private, thinking=True))
        except discord.HTTPException as error:
            if error.code != _ACKNOWLEDGED_ALREADY:  # by the first try, whose answer was lost
                raise
        return cls(interaction, private=private)

    async def announce(self, before: int) -> None:
        """Say how many questions are answered first, if it is worth it."""
        if before >= _WORTH_TELLING:
            await self._edit(content=_notice(before))

    async def show(self, embed: discord.Embed, view: discord.ui.View) -> discord.Message | None:
        """Put the answer in the place of "thinking…", or, after 15 minutes, as a message of its own."""
        try:
            message = await self._edit(content=None, embed=embed, view=view)
            # Nobody can reply to what one person sees, nor should others' questions follow it up.
            return None if self._private else message
        except discord.HTTPException as error:
            channel = self._interaction.channel
            # A private answer must not become a public one.
            if self._private or not is_expired(error) or not isinstance(channel, discord.abc.Messageable):
                raise
            return await _send(channel, embed=embed, view=view)

    async def say(self, markdown: str) -> None:
        """Say why there is no answer."""
        await self._edit(content=markdown, embed=None, view=None)

    async def _edit(self, **content: Any) -> discord.Message:
        return await persistently(lambda: self._interaction.edit_original_response(**content))


class ReplySheet:
    """The answer to a message."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._notice: discord.Message | None = None

    async def announce(self, before: int) -> None:
        """Say how many questions are answered first, or seem to be typing."""
        if before >= _WORTH_TELLING:
            self._notice = await self._reply(content=_notice(before))
        else:
            # It shows for ten seconds only, so it is not worth another try.
            with contextlib.suppress(*FAULTS):
                async with asyncio.timeout(_TYPING_WITHIN):
                    await self._message.channel.typing()

    async def show(self, embed: discord.Embed, view: discord.ui.View) -> discord.Message | None:
        """Reply, or put the answer in the place of the notice."""
        return await self._edit(content=None, embed=embed, view=view) or await self._reply(
            embed=embed, view=view
        )

    async def say(self, markdown: str) -> None:
        """Say why there is no answer."""
        if not await self._edit(content=markdown):
            await self._reply(content=markdown, suppress_embeds=True)

    async def _edit(self, **content: Any) -> discord.Message | None:
        """Edit the notice; None if there is none, or if a moderator has deleted it."""
        if (notice := self._notice) is None:
            return None
        with contextlib.suppress(discord.NotFound):
            return await persistently(lambda: notice.edit(**content))
        return None

    async def _reply(self, **content: Any) -> discord.Message:
        reference = self._message.to_reference(fail_if_not_exists=False)
        return await _send(self._message.channel, reference=reference, mention_author=False, **content)


async def _send(channel: discord.abc.Messageable, **content: Any) -> discord.Message:
    # With the same nonce Discord sends nothing twice, however often it is asked to.
    nonce = secrets.randbits(64)
    return await persistently(lambda: channel.send(nonce=nonce, **content))


def _notice(before: int) -> str:
    return f"⏳ {before:,} question{'s' * (before != 1)} before yours."
