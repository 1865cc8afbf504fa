"""Asking: the command, the menu, mentions, replies, threads and direct messages."""

import contextlib
import logging
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.answering import Asked, answer, checked
from bot.discord.card import Card
from bot.discord.errors import Refusal
from bot.discord.rules import Place, place_of
from bot.discord.settings import ServerSettings
from bot.discord.sheets import CommandSheet, ReplySheet
from bot.discord.telling import FAULTS, reported, told
from bot.discord.text import cut, one_line, size
from bot.shared import clean, read_day
from index import catalogue
from index.errors import PullquoteError
from index.types import Filters

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

log = logging.getLogger("pullquote")
_HELP = "Ask me something that the articles may answer, such as “who led the talks?”, or use `/ask`."
_PRIVATELY = "Here I answer only so that you alone see it: use `/ask`."
# A hint that only the one it is for needs goes away again, after this many seconds.
_BRIEF = 15
_MAX_CHOICES, _MAX_CHOICE = 25, 100


class Asking(commands.Cog):
    """Every way in which a question comes in."""

    def __init__(self, bot: "PullquoteBot") -> None:
        self.bot = bot
        self._menu = app_commands.ContextMenu(name="Ask about this", callback=self.ask_about)

    async def cog_load(self) -> None:
        """Add the menu, which cannot be declared in a cog."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu away again."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command()
    @app_commands.describe(
        question="What you want to know, such as: who led the talks?",
        since="Only articles of this day or later: 2024-01-29, 2024-01 or 2024",
        until="Only articles of this day or earlier: 2024-01-29, 2024-01 or 2024",
        publisher="Only articles of this publisher",
        private="Show the answer to you only",
    )
    async def ask(
        self,
        interaction: discord.Interaction,
        question: str,
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer a question from the articles, in their own words."""
        await self._ask(
            interaction, question, "slash", lambda: read_filters(since, until, publisher), private=private
        )

    @ask.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Publishers of this server's articles that contain what has been typed."""
        try:
            publishers = await self.bot.look(
                interaction.guild_id, lambda engine: catalogue.publishers(engine.store)
            )
        except PullquoteError:  # the question itself will say what is amiss
            return []
        typed = current.strip().casefold()
        fitting = [name for name, _ in publishers if name and typed in name.casefold()]
        fitting.sort(key=lambda name: not name.casefold().startswith(typed))
        choices = [
            app_commands.Choice(name=one_line(name), value=name)
            for name in fitting
            if size(name) <= _MAX_CHOICE and one_line(name)
        ]
        return choices[:_MAX_CHOICES]

    async def ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Take a message's text as the question."""
        await self._ask(interaction, message.clean_content, "menu", Filters)

    async def _ask(
        self,
        interaction: discord.Interaction,
        text: str,
        surface: str,
        filters: Callable[[], Filters],
        *,
        private: bool = False,
    ) -> None:
        sheet = None
        async with reported(interaction):
            settings = await self.bot.settings(interaction.guild_id)
            place = self._place(interaction.guild_id, interaction.channel, interaction.user.id, settings)
            if place is Place.CLOSED:
                raise _elsewhere(interaction.guild_id, interaction.user.id, settings)
            assert interaction.channel_id is not None
            asked = Asked(
                checked(text),
                surface,
                interaction.guild_id,
                interaction.channel_id,
                interaction.user.id,
                filters(),
            )
            self._check_rate(interaction.user.id, interaction.guild_id)
            private = private or place is Place.PRIVATE
            sheet = await CommandSheet.deferred(interaction, private=private)
        if sheet is not None:  # what goes wrong from here on is told in the place of the answer
            await answer(self.bot, asked, sheet)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention, a reply to an answer, a message in an answer's thread, or a direct message."""
        if message.author.bot or message.webhook_id is not None or message.is_system():
            return
        surface, after = await self._addressed(message)
        if surface is None:
            return
        server_id = message.guild.id if message.guild else None
        settings = await self.bot.settings(server_id)
        place = self._place(server_id, message.channel, message.author.id, settings)
        with contextlib.suppress(*FAULTS):  # a hint that cannot be given
            if place is Place.CLOSED:
                return
            if place is Place.PRIVATE:
                await self._hint(message, _PRIVATELY)
                return
            text = self._without_mention(message)
            if not text.strip():
                await self._hint(message, _HELP)
                return
            try:
                self._check_rate(message.author.id, server_id)
            except Refusal as refusal:
                await self._hint(message, told(refusal))
                return
        asked = Asked(text, surface, server_id, message.channel.id, message.author.id, after=after)
        await answer(self.bot, asked, ReplySheet(message))

    async def _addressed(self, message: discord.Message) -> tuple[str | None, Card | None]:
        """How a message addresses the bot, if it does, and the answer that it follows up."""
        reference = message.reference
        if reference is not None and reference.message_id is not None:
            card = await self.bot.kept(self.bot.ledger.card_of_message, reference.message_id)
            if card is not None:
                return "reply", card
        # A thread has the id of the message that it was opened from.
        if isinstance(message.channel, discord.Thread) and (message.content or self._mentions_me(message)):
            opened_from = await self.bot.kept(self.bot.ledger.card_of_message, message.channel.id)
            if opened_from is not None:
                latest = await self.bot.kept(self.bot.ledger.latest_card, message.channel.id)
                return "thread", latest or opened_from
        if message.guild is None:
            return ("dm", await self.bot.kept(self.bot.ledger.latest_card, message.channel.id))
        return ("mention", None) if self._mentions_me(message) else (None, None)

    def _mentions_me(self, message: discord.Message) -> bool:
        me = self.bot.user
        return me is not None and any(user.id == me.id for user in message.mentions)

    def _without_mention(self, message: discord.Message) -> str:
        """The message's words, mentions of others as names, our own left out."""
        me = self.bot.user
        assert me is not None
        own = {f"@{me.name}", f"@{me.display_name}"}
        if message.guild is not None:
            own.add(f"@{message.guild.me.display_name}")
        names = "|".join(map(re.escape, sorted(own, key=len, reverse=True)))
        return re.sub(rf"(?:{names})(?!\w)", " ", message.clean_content)

    def _place(
        self,
        server_id: int | None,
        channel: object,
        user: int,
        settings: ServerSettings,
    ) -> Place:
        if server_id is None:
            return Place.OPEN if self.bot.config.discord.direct_messages else Place.CLOSED
        ids = {getattr(channel, "id", 0), getattr(channel, "parent_id", None) or 0}
        return place_of(settings, ids, user)

    def _check_rate(self, user: int, server_id: int | None) -> None:
        """Count a question.

        Raises:
            Refusal: this user, or this server, has asked too many in the last minute.
        """
        wait = self.bot.user_rate.wait(user)
        if wait > 0:
            raise Refusal(f"you ask faster than I am allowed to answer: ask again in {wait + 1:.0f} seconds")
        if server_id is not None and (wait := self.bot.server_rate.wait(server_id)) > 0:
            raise Refusal(f"this server has asked as much as it may: ask again in {wait + 1:.0f} seconds")
        self.bot.user_rate.count(user)
        if server_id is not None:
            self.bot.server_rate.count(server_id)

    async def _hint(self, message: discord.Message, text: str) -> None:
        await message.reply(text, mention_author=False, delete_after=_BRIEF)


def read_filters(since: str | None, until: str | None, publisher: str | None) -> Filters:
    """The filters that were typed.

    Raises:
        Refusal: a date is none, or the two exclude everything.
    """
    first, last = _read_day("since", since, last=False), _read_day("until", until, last=True)
    if first and last and first > last:
        raise Refusal(f"since {first} is later than until {last}: no article can pass")
    return Filters(first, last, (clean(publisher) or None) if publisher else None)


def _read_day(name: str, text: str | None, *, last: bool) -> date | None:
    if text is None or not text.strip():
        return None
    try:
        return read_day(text, last=last)
    except ValueError:
        raise Refusal(f"{name}: “{cut(text, 40)}” is not a date: write 2024-01-29, 2024-01 or 2024") from None


def _elsewhere(server_id: int | None, user: int, settings: ServerSettings) -> Refusal:
    if server_id is None:
        return Refusal("I do not answer in direct messages: ask me in a server")
    others = tuple(each for each in settings.channels if each not in settings.blocked_channels)
    if others and user not in settings.blocked_users:
        return Refusal("I do not answer here; I do in", others[:5])
    return Refusal("I do not answer here")
