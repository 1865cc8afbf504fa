"""Taking articles in and out, for those who may."""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.ui import Button, View

from bot.discord.browsing import complete_article, find_article
from bot.discord.errors import Refusal
from bot.discord.jobs import store_upload
from bot.discord.notices import Notice
from bot.discord.rules import may_manage
from bot.discord.telling import reported
from bot.discord.text import cut, escaped, one_line
from bot.shared import clean
from index.config import Config
from ingest.formats import READERS, reader_for

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

log = logging.getLogger("pullquote")
_MEGABYTE = 1_000_000
_MAX_REPORT = 900
_CONFIRM_WITHIN = 120.0


class Managing(commands.Cog):
    """``/ingest`` and ``/remove``."""

    def __init__(self, bot: "PullquoteBot") -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(url="The address of an article", file="A file: .txt, .md, .jsonl or .jsonl.gz")
    async def ingest(
        self,
        interaction: discord.Interaction,
        url: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Take in an article from an address, or articles from a file."""
        async with reported(interaction):
            await require_manager(self.bot, interaction)
            if (url is None) == (file is None):
                raise Refusal("give either an address or a file")
            config = self.bot.pool.config(await self.bot.collection(interaction.guild_id))
            notice = Notice(interaction)
            if file is not None:
                await self._ingest_file(notice, config, file, interaction.guild_id)
            else:
                await self._ingest_url(notice, config, clean(url or ""))

    async def _ingest_file(
        self, notice: Notice, config: Config, file: discord.Attachment, server_id: int | None
    ) -> None:
        limit = self.bot.config.discord.upload_megabytes
        name = cut(one_line(file.filename), 100)
        shown = escaped(name)
        if reader_for(file.filename.lower()) is None:
            raise Refusal(f"“{name}” is of no format that I read; those are {', '.join(READERS)}")
        if file.size > limit * _MEGABYTE:
            raise Refusal(f"“{name}” has {file.size / _MEGABYTE:,.1f} MB; I take up to {limit} MB at a time")
        await notice.begin(f"📥 {shown}: downloading…")
        content = await file.read()
        folder = config.data_dir / "uploads" / str(server_id)
        path = await asyncio.to_thread(store_upload, folder, file.filename.lower(), content)
        await self._run(notice, config, path.name, folder, shown)

    async def _ingest_url(self, notice: Notice, config: Config, url: str) -> None:
        if not url.lower().startswith(("http://", "https://")) or len(url) > 2000:
            raise Refusal("that is no address of a page: one begins with “https://”")
        shown = escaped(cut(one_line(url), 200))
        await notice.begin(f"📥 {shown}: waiting…")
        await self._run(notice, config, url, config.data_dir, shown)

    async def _run(self, notice: Notice, config: Config, source: str, folder: Path, shown: str) -> None:
        async def on_progress(line: str) -> None:
            await notice.progress(f"📥 {shown}: {escaped(cut(one_line(line), 200))}")

        outcome = await self.bot.ingests.run(config.data_dir, source, folder, on_progress)
        log.info("ingest status=%d %s", outcome.status, outcome.text)
        mark = "⚠️" if outcome.status else "✅"
        # Where the index lies on the server is nobody's business.
        report = cut(outcome.text.replace(str(config.data_dir), "the index"), _MAX_REPORT)
        text = "\n".join(f"> {line}" for line in escaped(report).splitlines())
        await notice.say(f"{mark} {shown}\n{text}")

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(article="Its title, chosen from the list, or its id or address")
    async def remove(self, interaction: discord.Interaction, article: str) -> None:
        """Remove an article from all answers."""
        async with reported(interaction):
            await require_manager(self.bot, interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            found = await self.bot.look(interaction.guild_id, lambda engine: find_article(engine, article))
            config = self.bot.pool.config(await self.bot.collection(interaction.guild_id))
            title = escaped(cut(one_line(found.title), 200))
            await interaction.followup.send(
                f"Remove “{title}” from all answers?",
                view=_Confirm(self.bot, config, found.id, title),
                ephemeral=True,
            )

    @remove.autocomplete("article")
    async def complete(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Articles whose title holds the words that have been typed, newest first."""
        return await complete_article(self.bot, interaction, current)


class _Confirm(View):
    """Removes only when it is said twice. Only its asker sees it."""

    def __init__(self, bot: "PullquoteBot", config: Config, article_id: str, title: str) -> None:
        super().__init__(timeout=_CONFIRM_WITHIN)
        self._bot, self._config, self._article_id, self._title = bot, config, article_id, title

    @discord.ui.button(label="Remove", style=discord.ButtonStyle.danger)
    async def confirm(self, interaction: discord.Interaction[Any], _: Button["_Confirm"]) -> None:
        async with reported(interaction):
            # The right to do so may be gone since.
            await require_manager(self._bot, interaction)
            count = await asyncio.to_thread(_remove, self._config, self._article_id)
            log.info("removed article=%s count=%d", self._article_id, count)
            done = f"“{self._title}” is removed." if count else f"“{self._title}” was gone already."
            await interaction.response.edit_message(content=done, view=None)
            self.stop()

    @discord.ui.button(label="Keep", style=discord.ButtonStyle.secondary)
    async def keep(self, interaction: discord.Interaction[Any], _: Button["_Confirm"]) -> None:
        async with reported(interaction):
            await interaction.response.edit_message(content="Nothing was removed.", view=None)
            self.stop()


def _remove(config: Config, article_id: str) -> int:
    from index.vectors import VectorIndex
    from index.writer import Writer
    from ingest.pipeline import bring_up_to_date

    with Writer(config.data_dir) as writer:
        count = writer.remove([article_id])
        bring_up_to_date(VectorIndex(config.data_dir), writer)
    return count


async def require_manager(
    bot: "PullquoteBot", interaction: discord.Interaction[Any], *, by_role: bool = True
) -> None:
    """Whether Discord has let somebody here or not, we look for ourselves.

    Raises:
        Refusal: this person has neither *Manage Server* nor, with ``by_role``, the configured role.
    """
    if interaction.guild_id is None:
        raise Refusal("that can only be done in a server")
    settings = await bot.settings(interaction.guild_id)
    roles = (
        [role.id for role in interaction.user.roles] if isinstance(interaction.user, discord.Member) else []
    )
    allowed = may_manage(
        settings, manage_server=interaction.permissions.manage_guild, roles=roles if by_role else []
    )
    if not allowed:
        raise Refusal("that is for those who manage this server, or have the role named by /config manager")
