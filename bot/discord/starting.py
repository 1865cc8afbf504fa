"""From the token to a bot that runs, and what to tell the operator when it does not."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator

import discord

from bot.discord.bot import PullquoteBot
from bot.discord.metrics import Metrics
from index.config import Config
from index.errors import ConfigError, PullquoteError

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the variable's name
_PORTAL = "https://discord.com/developers/applications"
# What the bot does in a channel, and nothing beyond.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    create_public_threads=True,
    read_message_history=True,
)


def token() -> str:
    """The bot's token from the environment.

    Raises:
        ConfigError: there is none.
    """
    found = os.environ.get(TOKEN_VARIABLE, "").strip().removeprefix("Bot ")
    if not found:
        raise ConfigError(
            f"{TOKEN_VARIABLE} is not set: make a bot at {_PORTAL}, and give its token in that variable"
        )
    return found


def invite_link(application_id: int) -> str:
    """The page on which somebody adds the bot to a server, with just the permissions that it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )


async def invite() -> str:
    """The invite link of the token's own application.

    Raises:
        PullquoteError: the token is missing or refused, or Discord cannot be reached.
    """
    with _explained():
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token())
            assert client.application_id is not None
            return invite_link(client.application_id)


async def run(
    config: Config,
    *,
    sync: bool = False,
    guild: int | None = None,
    metrics_port: int | None = None,
    make: Callable[..., PullquoteBot] = PullquoteBot,
) -> None:
    """Answer until SIGINT or SIGTERM; what is being answered then is finished first.

    Raises:
        PullquoteError: it cannot start; the text says what to do.
    """
    secret, metrics = token(), Metrics()
    stop_serving = metrics.serve(metrics_port) if metrics_port is not None else lambda: None
    try:
        with _explained():
            bot = make(config, metrics, sync=sync, guild=guild)
            async with bot:
                stopping = _stops(bot)
                try:
                    await bot.start(secret)
                finally:
                    if stopping:
                        await asyncio.gather(*stopping)
    finally:
        stop_serving()


def _stops(bot: PullquoteBot) -> list["asyncio.Task[None]"]:
    """Close the bot at the first SIGINT or SIGTERM; a second ends the process at once, as usual."""
    closing: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        closing.append(asyncio.create_task(bot.close()))

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows
            loop.add_signal_handler(number, stop)
    return closing


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn what the operator can mend into one line that says how."""
    try:
        yield
    except discord.LoginFailure as error:
        raise ConfigError(
            f"Discord refuses the token in {TOKEN_VARIABLE}: copy it again, or reset it, at {_PORTAL} › Bot"
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigError(
            f"Discord does not let the bot read messages: switch on “Message Content Intent” at {_PORTAL}"
            " › Bot, or set discord.message_content = false in the configuration"
        ) from error
    except discord.HTTPException as error:
        raise PullquoteError(f"Discord answers {error.status} ({error.text or error}): try again") from error
    except (discord.ConnectionClosed, discord.GatewayNotFound, OSError) as error:
        raise PullquoteError(
            f"Discord cannot be reached ({error}): check the network, then start the bot again"
        ) from error
