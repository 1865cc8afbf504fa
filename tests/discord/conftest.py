"""A bot over the sample articles in a simulated Discord, and what its tests say to each other."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.discord.bot import PullquoteBot
from bot.discord.metrics import Metrics
from index.config import Config, DiscordConfig
from index.engine import Loaded

ROOMY = DiscordConfig(user_per_minute=0, server_per_minute=0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Wait longer for the bot than SimCord does: it runs real models, maybe on a busy machine.

    But not so long that hints that go away by themselves are gone.
    """
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("simcord"):
            item.add_marker(pytest.mark.simcord(settle_timeout=14.0))


@pytest.fixture
def bot_data(examples: Path, tmp_path: Path) -> Path:
    """A data folder with an index of the sample articles, to be written to."""
    folder = tmp_path / "bot-data"
    shutil.copytree(examples, folder, ignore=shutil.ignore_patterns("models"))
    (folder / "models").symlink_to(examples / "models")  # large, and only read
    return folder


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """The models, opened once for all bots."""
    return Loaded()


@pytest.fixture
def discord_config() -> DiscordConfig:
    """How the bot is configured; a module may define another."""
    return ROOMY


@pytest.fixture
def make_bot(bot_data: Path, discord_config: DiscordConfig, loaded: Loaded) -> Callable[[], PullquoteBot]:
    """Makes the bot, as often as it is restarted."""

    def make() -> PullquoteBot:
        config = replace(Config(data_dir=bot_data), discord=discord_config)
        return PullquoteBot(config, Metrics(), loaded=loaded)

    return make


@pytest.fixture
def simcord_bot(make_bot: Callable[[], PullquoteBot]) -> PullquoteBot:
    return make_bot()


@dataclass(frozen=True)
class World:
    """A server with a channel, somebody who asks there, and somebody who manages it."""

    env: Any
    server: Any
    channel: Any
    alice: Any
    moderator: Any

    async def ask(self, question: str, **options: Any) -> Any:
        """Alice asks by the command; gives what came."""
        return await self.alice.slash(self.channel, "ask", question=question, **options)


@pytest.fixture
def world(simcord_env: Any) -> World:
    server = simcord_env.create_guild("Newsroom")
    channel = server.create_text_channel("news")
    managers = server.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return World(
        simcord_env,
        server,
        channel,
        server.add_member(simcord_env.create_user("alice")),
        server.add_member(simcord_env.create_user("moderator"), roles=[managers]),
    )


def card_of(message: Any) -> discord.Embed:
    """The one card of a message."""
    (embed,) = message.embeds
    assert isinstance(embed, discord.Embed)
    return embed


def words_of(message: Any) -> str:
    """All that a message shows, as one text."""
    parts = [message.content or ""]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or "", *(f"{f.name} {f.value}" for f in embed.fields)]
        parts.append(embed.footer.text or "")
    return "\n".join(parts)
