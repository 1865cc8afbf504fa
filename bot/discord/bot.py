"""The bot: what it is made of, how it starts, and how it stops."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.discord.asking import Asking
from bot.discord.browsing import Articles, Browsing
from bot.discord.buttons import BUTTONS
from bot.discord.configuring import Configuring
from bot.discord.desk import Desk
from bot.discord.jobs import Ingests
from bot.discord.ledger import Ledger
from bot.discord.managing import Managing
from bot.discord.metrics import Metrics
from bot.discord.rating import RATING
from bot.discord.rules import Rate
from bot.discord.settings import ServerSettings
from bot.discord.syncing import sync_commands
from index.config import Config
from index.engine import Engine, Loaded
from index.errors import StoreError
from index.pool import EnginePool

log = logging.getLogger("pullquote")
_T = TypeVar("_T")
# Cards that nobody has rated are forgotten after this many days; their buttons then say so.
KEEP_DAYS = 90


class PullquoteBot(commands.Bot):
    """Answers on Discord.

    ``sync`` sends the commands anew, ``guild`` sends them to that server only; ``loaded``
    are models that are open already.
    """

    def __init__(
        self,
        config: Config,
        metrics: Metrics,
        *,
        sync: bool = False,
        guild: int | None = None,
        loaded: Loaded | None = None,
    ) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents(config),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=config.discord.direct_messages, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            # Nothing here looks at old messages or at members, so none are kept in memory.
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.config = config
        self.metrics = metrics
        self.ledger = Ledger(config.data_dir)
        self.pool = EnginePool(config, loaded)
        self.desk = Desk(self.pool, metrics, workers=config.discord.workers, waiting=config.discord.waiting)
        self.ingests = Ingests()
        self.user_rate = Rate(config.discord.user_per_minute)
        self.server_rate = Rate(config.discord.server_per_minute)
        self._settings: dict[int, ServerSettings] = {}
        self._sync, self._guild = sync, guild
        self.tree.error(self._on_command_error)

    async def setup_hook(self) -> None:
        """Open the models before Discord is told that we are here, then the commands."""
        await asyncio.gather(*(self.desk.warm() for _ in range(self.config.discord.workers)))
        self._forget.start()
        for cog in (Asking(self), Browsing(self), Articles(self), Managing(self), Configuring(self)):
            await self.add_cog(cog)
        self.add_dynamic_items(*BUTTONS, *RATING)
        await sync_commands(self.tree, self.ledger, force=self._sync, guild=self._guild)

    @tasks.loop(hours=24)
    async def _forget(self) -> None:
        """Drop the answers that nobody has rated in time."""
        before = datetime.now(UTC) - timedelta(days=KEEP_DAYS)
        try:
            await self.kept(self.ledger.forget_cards, before.isoformat(timespec="seconds"))
        except StoreError as error:  # such as a full disk, which must not be the end of it
            log.warning("old answers are kept until tomorrow: %s", error)

    async def on_ready(self) -> None:
        """Say so in the log; Discord repeats it after each new connection."""
        log.info("ready as %s in %d servers", self.user, len(self.guilds))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget all of a server that has removed us: settings, answers and feedback."""
        self._settings.pop(guild.id, None)
        await self.kept(self.ledger.forget_server, guild.id)

    async def on_message(self, message: discord.Message) -> None:
        """Left to Asking; there are no commands in messages."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """A mistake of ours in handling an event."""
        self.metrics.discord_errors.labels(kind="bug").inc()
        log.exception("%s failed", event_method)

    async def _on_command_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        kind = "check" if isinstance(error, app_commands.CheckFailure) else "bug"
        self.metrics.discord_errors.labels(kind=kind).inc()
        log.error("a command failed", exc_info=error)

    async def settings(self, server_id: int | None) -> ServerSettings:
        """What this server has configured; the defaults in direct messages."""
        if server_id is None:
            return ServerSettings()
        if server_id not in self._settings:
            self._settings[server_id] = await self.kept(self.ledger.settings, server_id)
        return self._settings[server_id]

    async def change_settings(
        self, server_id: int, change: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        """Change what a server has configured."""
        changed = await self.kept(self.ledger.change_settings, server_id, change)
        self._settings[server_id] = changed
        return changed

    async def collection(self, server_id: int | None) -> str | None:
        """The collection that this server is bound to; None is the common index.

        A name means nothing outside its server, so that none can look into another's articles.
        """
        name = (await self.settings(server_id)).collection
        return f"{server_id}/{name}" if name else None

    async def kept(self, work: Callable[..., _T], *arguments: Any) -> _T:
        """Run something of the ledger off the event loop: a slow disk must not stop heartbeats."""
        return await asyncio.to_thread(work, *arguments)

    async def look(self, server_id: int | None, work: Callable[[Engine], _T]) -> _T:
        """Run something short over the articles that this server sees."""
        return await self.desk.look(work, await self.collection(server_id))

    async def close(self) -> None:
        """Finish what is being answered, for up to ten seconds, then leave."""
        if not self.is_closed():
            self._forget.cancel()
            in_time, _ = await asyncio.gather(self.desk.close(), self.ingests.close())
            if not in_time:
                log.warning("some questions were not answered in time")
            await super().close()
            await asyncio.to_thread(self.ledger.close)


def intents(config: Config) -> discord.Intents:
    """What Discord has to send us, and no more."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = config.discord.direct_messages
    wanted.message_content = config.discord.message_content
    return wanted
