"""Looking at what there is: ``/articles``, ``/sources`` and ``/stats``, shown to the asker only."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.errors import Refusal
from bot.discord.lists import QUIET, article_line, article_page, listed
from bot.discord.telling import reported
from bot.discord.text import cut, escaped, one_line
from bot.shared import clean
from bot.words import in_words
from index import catalogue
from index.engine import Engine
from index.errors import PullquoteError
from index.types import Article

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

_LISTED = 10
_MAX_LISTED = 25
_MAX_CHOICES, _MAX_CHOICE = 25, 100
_SOURCES = 40


class Articles(commands.GroupCog, group_name="articles", group_description="What has been taken in"):
    """Lists of articles, and one of them."""

    def __init__(self, bot: "PullquoteBot") -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(count="How many, up to 25", publisher="Only of this publisher")
    async def recent(
        self,
        interaction: discord.Interaction,
        count: app_commands.Range[int, 1, _MAX_LISTED] = _LISTED,
        publisher: str | None = None,
    ) -> None:
        """List the newest articles."""
        async with reported(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)

            wanted = clean(publisher) if publisher else None
            found = await self.bot.look(
                interaction.guild_id, lambda engine: catalogue.newest(engine.store, count, wanted)
            )
            await self._list(interaction, "Newest articles", found)

    @app_commands.command()
    @app_commands.describe(words="What they should be about")
    async def search(self, interaction: discord.Interaction, words: app_commands.Range[str, 1, 300]) -> None:
        """List the articles that are about something."""
        async with reported(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            text = one_line(clean(words))[:300]
            found = await self.bot.look(
                interaction.guild_id, lambda engine: engine.articles_about(text, _LISTED) if text else []
            )
            await self._list(interaction, f"About “{escaped(cut(text, 100))}”", found)

    @app_commands.command()
    @app_commands.describe(article="Its title, chosen from the list, or its id or address")
    async def show(self, interaction: discord.Interaction, article: str) -> None:
        """Show an article: where it is from and how it begins."""
        async with reported(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            found = await self.bot.look(interaction.guild_id, lambda engine: find_article(engine, article))
            await interaction.followup.send(embed=article_page(found), ephemeral=True)

    @show.autocomplete("article")
    async def complete(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Articles whose title holds the words that have been typed, newest first."""
        return await complete_article(self.bot, interaction, current)

    async def _list(self, interaction: discord.Interaction, title: str, found: Sequence[Article]) -> None:
        text = listed(map(article_line, found), "There are none.")
        embed = discord.Embed(title=title, description=text, colour=QUIET)
        await interaction.followup.send(embed=embed, ephemeral=True)


class Browsing(commands.Cog):
    """What there is as a whole."""

    def __init__(self, bot: "PullquoteBot") -> None:
        self.bot = bot

    @app_commands.command()
    async def sources(self, interaction: discord.Interaction) -> None:
        """List the publishers and how many articles there are of each."""
        async with reported(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            found = await self.bot.look(
                interaction.guild_id, lambda engine: catalogue.publishers(engine.store)
            )
            lines = [
                f"{count:,} · {escaped(cut(one_line(name), 100)) or '(no publisher)'}"
                for name, count in found[:_SOURCES]
            ]
            if len(found) > _SOURCES:
                lines.append(f"and {len(found) - _SOURCES:,} more")
            embed = discord.Embed(
                title="Publishers", description=listed(lines, "There are no articles yet."), colour=QUIET
            )
            await interaction.followup.send(embed=embed, ephemeral=True)

    @app_commands.command()
    async def stats(self, interaction: discord.Interaction) -> None:
        """Count the articles, and say how current they are."""
        async with reported(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)

            def count(engine: Engine) -> list[tuple[str, str]]:
                counts, newest = engine.store.counts(), engine.store.newest()
                named = [name for name, _ in catalogue.publishers(engine.store) if name]
                return [
                    ("Articles", f"{counts['articles']:,}"),
                    ("Passages", f"{counts['passages']:,}"),
                    ("Publishers", f"{len(named):,}"),
                    ("Newest article", in_words(newest.isoformat()) if newest else "no date is known"),
                ]

            embed = discord.Embed(title="What I can answer from", colour=QUIET)
            for name, value in await self.bot.look(interaction.guild_id, count):
                embed.add_field(name=name, value=value)
            settings = await self.bot.settings(interaction.guild_id)
            if settings.collection:
                embed.set_footer(text=f"collection {settings.collection}, of this server only")
            await interaction.followup.send(embed=embed, ephemeral=True)


def find_article(engine: Engine, name: str) -> Article:
    """The article that somebody means by an id, the beginning of one, an address or a title.

    Raises:
        Refusal: there is none, or there are several.
    """
    from ingest.article import canonical_url, id_of_url

    name = clean(name)
    canonical = canonical_url(name)
    ids = [id_of_url(canonical)] if canonical else engine.store.ids_starting(name) if len(name) >= 4 else []
    found = list(engine.store.articles_by_id(ids).values())
    if not found and name:
        same = (each for each in catalogue.titled(engine.store, name, _MAX_CHOICES))
        found = [each for each in same if each.title.casefold() == name.casefold()]
    if len(found) != 1:
        problem = "several articles are called so" if found else "there is no such article"
        raise Refusal(f"{problem}: choose one from the list that opens as you type")
    return found[0]


async def complete_article(
    bot: "PullquoteBot", interaction: discord.Interaction, current: str
) -> list[app_commands.Choice[str]]:
    """Choices of articles whose title holds the words that have been typed, newest first."""
    typed = clean(current)
    try:
        found = await bot.look(
            interaction.guild_id, lambda engine: catalogue.titled(engine.store, typed, _MAX_CHOICES)
        )
    except PullquoteError:  # the command itself will say what is amiss
        return []
    return [app_commands.Choice(name=_choice(article), value=article.id) for article in found]


def _choice(article: Article) -> str:
    day = article.published.isoformat() if article.published else "undated"
    return cut(one_line(f"{day} · {article.publisher or '–'} · {article.title}"), _MAX_CHOICE)
