"""Where an answer appears: in place of a command's "thinking…", or as a reply to a message."""

import contextlib

import discord

from bot.discord.telling import is_expired


def _notice(before: int) -> str:
    return f"⏳ {before:,} question{'s' * (before != 1)} before yours."


class CommandSheet:
    """The answer to a slash command or a menu, which has been deferred."""

    def __init__(self, interaction: discord.Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private

    async def waiting(self, before: int) -> None:
        """Say how many questions are answered first."""
        await self._interaction.edit_original_response(content=_notice(before))

    async def show(self, embed: discord.Embed, view: discord.ui.View) -> discord.Message | None:
        """Put the answer in the place of "thinking…", or, after 15 minutes, as a message of its own."""
        try:
            return await self._interaction.edit_original_response(content=None, embed=embed, view=view)
        except discord.HTTPException as error:
            channel = self._interaction.channel
            # A private answer must not become a public one.
            if self._private or not is_expired(error) or not isinstance(channel, discord.abc.Messageable):
                raise
            return await channel.send(embed=embed, view=view)

    async def say(self, markdown: str) -> None:
        """Say why there is no answer."""
        await self._interaction.edit_original_response(content=markdown, embed=None, view=None)


class ReplySheet:
    """The answer to a message."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._notice: discord.Message | None = None

    async def waiting(self, before: int) -> None:
        """Say how many questions are answered first."""
        self._notice = await self._reply(_notice(before))

    async def show(self, embed: discord.Embed, view: discord.ui.View) -> discord.Message | None:
        """Reply, or put the answer in the place of the notice."""
        if self._notice is not None:
            with contextlib.suppress(discord.NotFound):  # a moderator may have deleted it
                return await self._notice.edit(content=None, embed=embed, view=view)
        return await self._reply(None, embed=embed, view=view)

    async def say(self, markdown: str) -> None:
        """Say why there is no answer."""
        if self._notice is not None:
            with contextlib.suppress(discord.NotFound):
                await self._notice.edit(content=markdown)
                return
        await self._reply(markdown, suppress_embeds=True)

    async def _reply(self, content: str | None, **rest: object) -> discord.Message:
        reference = self._message.to_reference(fail_if_not_exists=False)
        return await self._message.channel.send(  # type: ignore[no-any-return, call-overload]
            content, reference=reference, mention_author=False, **rest
        )
