"""One message that is edited as long work goes on, also after Discord has let the interaction expire."""

import contextlib
import math
import time

import discord

from bot.discord.sheets import persistently
from bot.discord.telling import FAULTS, is_expired

# Discord lets a webhook's message be edited five times in two seconds; people need it less often.
_INTERVAL = 2.0


class Notice:
    """The public answer to a command that takes long."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._message: discord.InteractionMessage | None = None
        self._said = -math.inf  # the clock may have begun just now

    async def begin(self, text: str) -> None:
        """Answer the command."""
        await self._interaction.response.send_message(text, suppress_embeds=True)
        self._message = await self._interaction.original_response()

    async def progress(self, text: str) -> None:
        """Say how far it is, but not too often; what cannot be said is left out."""
        if time.monotonic() - self._said >= _INTERVAL:
            self._said = time.monotonic()
            with contextlib.suppress(*FAULTS):
                await self.say(text)

    async def say(self, text: str) -> None:
        """Put this in the place of what was said before."""
        try:
            await persistently(lambda: self._interaction.edit_original_response(content=text))
        except discord.HTTPException as error:
            channel = self._interaction.channel
            if not is_expired(error) or self._message is None or channel is None:
                raise
            # As the bot itself, which needs to see the channel for it.
            where = self._interaction.client.get_partial_messageable(channel.id)
            message = where.get_partial_message(self._message.id)
            await persistently(lambda: message.edit(content=text))
