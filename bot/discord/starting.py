"""From the token to a bot that runs, and what to tell the operator when it does not."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator

import discord

from bot.discord.bot import PullquoteBot
from bot.discord.errors import Unreachable
from bot.discord.metrics import Metrics
from bot.discord.telling import UNREACHABLE
from index.config import Config
from index.errors import ConfigError, PullquoteError

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the variable's name
_REVOKED = 4004  # the gateway's code
_OUT_OF_REACH: tuple[type[Exception], ...] = (*UNREACHABLE, discord.GatewayNotFound, OSError)
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
        Unreachable: it cannot start now, but perhaps later.
    """
    secret, metrics = token(), Metrics()
    stop_serving = metrics.serve(metrics_port) if metrics_port is not None else lambda: None
    try:
        with _explained():
            bot = make(config, metrics, sync=sync, guild=guild)
            async with bot:
                await _until_told(bot, secret)
    finally:
        stop_serving()


async def _until_told(bot: PullquoteBot, secret: str) -> None:
    """Run the bot until it fails, or until SIGINT or SIGTERM; a second signal ends the process, as usual."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        forget()
        told.set()

    def forget() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows
                loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop)
    running, waiting = asyncio.create_task(_start(bot, secret)), asyncio.create_task(told.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if told.is_set():
            await bot.close()
            # It may have been starting still, and whatever fails of that now does not matter.
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        else:
            await running
    finally:
        forget()
        waiting.cancel()


async def _start(bot: PullquoteBot, secret: str) -> None:
    try:
        await bot.start(secret)
    except AttributeError as error:
        # discord.py 2.7 would try again, but asks a first connection that failed how far it had come.
        if bot.ws is not None or error.name != "sequence" or error.__context__ is None:
            raise
        raise error.__context__ from None


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn what the operator can mend into one line that says how."""
    refused = f"Discord refuses the token in {TOKEN_VARIABLE}: copy it again, or reset it, at {_PORTAL} › Bot"
    try:
        yield
    except discord.LoginFailure as error:
        raise ConfigError(refused) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigError(
            f"Discord does not let the bot read messages: switch on “Message Content Intent” at {_PORTAL}"
            " › Bot, or set discord.message_content = false in the configuration"
        ) from error
    except discord.Forbidden as error:
        raise PullquoteError(
            f"Discord does not let the bot do that ({error.text}): add it to the server, once more if it is"
            " there, with the link that pullquote discord --invite prints"
        ) from error
    except discord.HTTPException as error:
        # What its proxies say is a whole page in HTML.
        words = f" ({error.text})" if error.status < 500 and error.text else ""
        kind = Unreachable if error.status >= 500 or error.status == 429 else PullquoteError
        raise kind(f"Discord answers {error.status}{words}: try again in a minute") from error
    except discord.ConnectionClosed as error:
        if error.code == _REVOKED:
            raise ConfigError(refused) from error
        raise Unreachable(f"Discord has closed the connection ({error.code}): try again") from error
    except _OUT_OF_REACH as error:
        raise Unreachable(
            f"Discord cannot be reached ({error or type(error).__name__}): check the network, then start the"
            " bot again"
        ) from error
