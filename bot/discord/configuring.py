"""What a server decides for itself: ``/config``."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.asking import read_filters
from bot.discord.errors import Refusal
from bot.discord.lists import QUIET
from bot.discord.managing import require_manager
from bot.discord.settings import ServerSettings, collection_name
from bot.discord.telling import reported
from bot.discord.text import cut, escaped

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

_MAX_SET = 20
_Channel = discord.TextChannel | discord.VoiceChannel | discord.ForumChannel | discord.Thread


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Configuring(commands.GroupCog, group_name="config", group_description="How I behave in this server"):
    """Each command changes one thing and shows the whole."""

    def __init__(self, bot: "PullquoteBot") -> None:
        self.bot = bot

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what is set."""
        await self._change(interaction, lambda settings: settings)

    @app_commands.command()
    @app_commands.describe(channel="The channel", answers="Whether I answer there for all to see")
    async def channel(self, interaction: discord.Interaction, channel: _Channel, answers: bool) -> None:
        """Set where I answer for all to see; until one is set, that is everywhere."""
        await self._change(
            interaction, lambda old: replace(old, channels=_with(old.channels, channel.id, answers))
        )

    @app_commands.command()
    @app_commands.describe(private="In other channels, whether I answer so that only the asker sees it")
    async def elsewhere(self, interaction: discord.Interaction, private: bool) -> None:
        """Set what I do in channels that are not set: answer privately, or not at all."""
        await self._change(interaction, lambda old: replace(old, private_elsewhere=private))

    @app_commands.command()
    @app_commands.describe(
        since="Articles of this day or later", until="Articles of this day or earlier", publisher="Of it only"
    )
    async def filters(
        self,
        interaction: discord.Interaction,
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
    ) -> None:
        """Set which articles answer a question that does not say; without any, all do."""

        def change(old: ServerSettings) -> ServerSettings:
            filters = read_filters(since, until, publisher)
            return replace(old, since=filters.since, until=filters.until, publisher=filters.publisher)

        await self._change(interaction, change)

    @app_commands.command()
    @app_commands.describe(minimum="From 0 to 1; leave it out for the default")
    async def confidence(
        self, interaction: discord.Interaction, minimum: app_commands.Range[float, 0.0, 1.0] | None = None
    ) -> None:
        """Set how sure I must be to answer."""
        await self._change(interaction, lambda old: replace(old, min_confidence=minimum))

    @app_commands.command()
    @app_commands.describe(channel="Where 👍 and 👎 are reported; leave it out for nowhere")
    async def feedback(
        self, interaction: discord.Interaction, channel: discord.TextChannel | None = None
    ) -> None:
        """Set the channel that hears what people think of answers."""
        id_ = channel.id if channel else None
        await self._change(interaction, lambda old: replace(old, feedback_channel=id_))

    @app_commands.command()
    @app_commands.describe(role="The role; leave it out for none")
    async def manager(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Set a role that may ingest, remove and configure, beside those who manage the server."""
        id_ = role.id if role else None
        # Otherwise whoever has the role could hand it on.
        await self._change(interaction, lambda old: replace(old, manager_role=id_), by_role=False)

    @app_commands.command()
    @app_commands.describe(name="The collection's name; leave it out for the common articles")
    async def collection(self, interaction: discord.Interaction, name: str | None = None) -> None:
        """Bind this server to articles of its own, which no other server sees."""
        await self._change(
            interaction, lambda old: replace(old, collection=collection_name(name) if name else None)
        )

    @app_commands.command()
    @app_commands.describe(
        user="Whom I do not answer", channel="Where I do not answer", blocked="False: answer again"
    )
    async def block(
        self,
        interaction: discord.Interaction,
        user: discord.User | None = None,
        channel: _Channel | None = None,
        blocked: bool = True,
    ) -> None:
        """Stop answering somebody, or in some channel."""

        def change(old: ServerSettings) -> ServerSettings:
            if user is None and channel is None:
                raise Refusal("name a user or a channel")
            if user is not None:
                old = replace(old, blocked_users=_with(old.blocked_users, user.id, blocked))
            if channel is not None:
                old = replace(old, blocked_channels=_with(old.blocked_channels, channel.id, blocked))
            return old

        await self._change(interaction, change)

    async def _change(
        self,
        interaction: discord.Interaction,
        change: Callable[[ServerSettings], ServerSettings],
        *,
        by_role: bool = True,
    ) -> None:
        async with reported(interaction):
            await require_manager(self.bot, interaction, by_role=by_role)
            await interaction.response.defer(ephemeral=True, thinking=True)
            assert interaction.guild_id is not None
            settings = await self.bot.change_settings(interaction.guild_id, change)
            await interaction.followup.send(embed=settings_card(settings), ephemeral=True)


def _with(ids: tuple[int, ...], id_: int, there: bool) -> tuple[int, ...]:
    """These ids with one more, or without it.

    Raises:
        Refusal: there are too many to show.
    """
    others = tuple(each for each in ids if each != id_)
    if there and len(others) >= _MAX_SET:
        raise Refusal(f"{_MAX_SET} are set already: take one out first")
    return (*others, id_) if there else others


def settings_card(settings: ServerSettings) -> discord.Embed:
    """All that is set, in words."""
    least, dates = settings.min_confidence, [settings.since, settings.until]
    since, until = (each.isoformat() if each else "" for each in dates)
    filters = [f"since {since}" if since else "", f"until {until}" if until else ""]
    filters.append(f"of {escaped(cut(settings.publisher, 100))}" if settings.publisher else "")
    rows = {
        "I answer in": _mentions("#", settings.channels) or "every channel",
        "Elsewhere": "privately" if settings.private_elsewhere else "not at all",
        "Articles": " ".join(filter(None, filters)) or "all",
        "Collection": escaped(settings.collection) if settings.collection else "the common one",
        "Minimum confidence": "the default" if least is None else f"{least:g}",
        "Feedback goes to": _mentions("#", [settings.feedback_channel]) or "nowhere",
        "Manager role": _mentions("@&", [settings.manager_role]) or "none",
        "Blocked": " ".join(
            filter(None, [_mentions("@", settings.blocked_users), _mentions("#", settings.blocked_channels)])
        )
        or "nobody",
    }
    if not settings.channels:
        del rows["Elsewhere"]
    embed = discord.Embed(title="How I behave in this server", colour=QUIET)
    for name, value in rows.items():
        embed.add_field(name=name, value=value[:1024], inline=False)
    return embed


def _mentions(sign: str, ids: "tuple[int, ...] | list[int | None]") -> str:
    return " ".join(f"<{sign}{each}>" for each in ids if each is not None)
