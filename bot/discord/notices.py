"""One message that is edited as long work goes on, also after Discord has let the interaction expire."""

import time

import discord

from bot.discord.telling import is_expired

# Discord lets a webhook's message be edited five times in two seconds; people need it less often.
_INTERVAL = 2.0


class Notice:
    """The public answer to a command that takes long."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._message: discord.InteractionMessage | None = None
        self._said = 0.0

    async def begin(self, text: str) -> None:
        """Answer the command."""
        await self._interaction.response.send_message(text, suppress_embeds=True)
        self._message = await self._interaction.original_response()

    async def progress(self, text: str) -> None:
        """Say how far it is, but not too often."""
        if time.monotonic() - self._said >= _INTERVAL:
            self._said = time.monotonic()
            await self.say(text)

    async def say(self, text: str) -> None:
        """Put this in the place of what was said before."""
        try:
            await self._interaction.edit_original_response(content=text)
        except discord.HTTPException as error:
            channel = self._interaction.channel
            if not is_expired(error) or self._message is None or channel is None:
                raise
            # As the bot itself, which needs to see the channel for it.
            where = self._interaction.client.get_partial_messageable(channel.id)
            await where.get_partial_message(self._message.id).edit(content=text)
