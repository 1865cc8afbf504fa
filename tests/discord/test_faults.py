"""What becomes of questions when Discord, the network or the operator's set-up fails."""

import asyncio
import gc
import logging
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord import starting
from bot.discord.bot import PullquoteBot
from bot.discord.ledger import Ledger
from bot.discord.metrics import Metrics
from index.config import Config, DiscordConfig, ReaderConfig
from index.engine import Loaded
from index.errors import ConfigError, PullquoteError
from tests.conftest import run
from tests.discord import loopback
from tests.discord.loopback import running, serving
from tests.discord.loopback_bot import FrailServer, Listener, Process, titles

CALLBACK, ORIGINAL, MESSAGES = "/callback$", "/messages/@original$", "/messages$"
LED = "who led the US delegation?"
LEADER = "Jennifer Daskal, deputy homeland security adviser to President Joe Biden, led the US delegation."
TOKEN = "DISCORD_TOKEN"

Start = Callable[..., "asyncio.Task[None]"]


@pytest.fixture
def config(bot_data: Path) -> Config:
    # One worker, so that questions have to wait for each other, and no reader, so that they need not long.
    limits = DiscordConfig(user_per_minute=0, server_per_minute=0, workers=1)
    return replace(Config(data_dir=bot_data), reader=ReaderConfig("none"), discord=limits)


@pytest.fixture
def make_bot(config: Config, loaded: Loaded) -> Callable[[], PullquoteBot]:
    return lambda: PullquoteBot(config, Metrics(), loaded=loaded)


@pytest.fixture
async def server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[FrailServer]:
    monkeypatch.setattr(loopback, "Server", FrailServer)
    caplog.set_level(logging.INFO, "pullquote")
    async with serving() as server:
        assert isinstance(server, FrailServer)
        log, listener = logging.getLogger("pullquote"), Listener(server)
        log.addHandler(listener)
        yield server
        log.removeHandler(listener)
        assert server.faults.unmet == server.uncut == 0


@pytest.fixture
async def bot(
    server: FrailServer, make_bot: Callable[[], PullquoteBot], caplog: pytest.LogCaptureFixture
) -> AsyncIterator[PullquoteBot]:
    """The bot, ready; nothing that it meets may look to it like a mistake of its own."""
    bot = make_bot()
    async with running(bot, server):
        yield bot
    ours = ("pullquote", "asyncio", "discord.app_commands")
    assert [each for each in caplog.records if each.levelno >= logging.ERROR and each.name in ours] == []


async def goes_on(server: FrailServer, cards: int) -> None:
    """The next question is answered, and before it there were just so many answers."""
    sent = await server.interaction("ask", {"question": LED})
    await sent.answer()
    assert titles(server.cards()) == [LEADER] * (cards + 1)


def mention(server: FrailServer) -> str:
    return f"<@{server.world.bot.id}> {LED}"


# REST failing


@pytest.mark.parametrize("path", [CALLBACK, ORIGINAL])
async def test_a_command_is_answered_once_whatever_discord_answers_first(
    bot: PullquoteBot, server: FrailServer, path: str
) -> None:
    asked = []
    for status in (429, 500, 503):
        asked.append(sent := await server.interaction("ask", {"question": LED}))
        server.faults.fail("POST" if path == CALLBACK else "PATCH", sent.token + path, status)
    for each in asked:
        assert titles([await each.answer()]) == [LEADER]
    await goes_on(server, 3)


async def test_a_mention_is_answered_once_whatever_discord_answers_first(
    bot: PullquoteBot, server: FrailServer
) -> None:
    guild, channels = server.world.add_guild("Elsewhere", "one", "two", "three")
    await server.gateway.dispatch("GUILD_CREATE", server.world.guild_json(guild))
    for status in (429, 500, 503):
        server.faults.fail("POST", MESSAGES, status)
    for channel in channels:
        await server.message(mention(server), channel=channel)
    await server.shown(3)
    assert [titles(server.cards(each)) for each in channels] == [[LEADER]] * 3
    await goes_on(server, 3)


async def test_a_mention_is_answered_though_discord_is_out_of_order_for_a_while(
    bot: PullquoteBot, server: FrailServer
) -> None:
    server.faults.fail("POST", MESSAGES, 503, times=3)
    await server.message(mention(server))
    await server.shown(1)
    await goes_on(server, 1)


async def test_discord_failing_at_typing_holds_nothing_up(bot: PullquoteBot, server: FrailServer) -> None:
    # discord.py would try again for 25 seconds.
    server.faults.fail("POST", "/typing$", 500)
    server.faults.fail("POST", "/typing$", 429, retry_after=25.0)
    await server.message(mention(server))
    await server.shown(1)
    await server.message(mention(server))
    await server.shown(2)
    await goes_on(server, 2)


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(("method", "path"), [("POST", CALLBACK), ("PATCH", ORIGINAL)])
async def test_a_command_is_answered_once_though_the_wire_is_cut(
    bot: PullquoteBot, server: FrailServer, method: str, path: str, heard: bool
) -> None:
    server.cut(method, path, heard=heard)
    sent = await server.interaction("ask", {"question": LED})
    assert titles([await sent.answer()]) == [LEADER]
    await goes_on(server, 1)


@pytest.mark.parametrize("heard", [False, True])
async def test_a_mention_is_answered_once_though_the_wire_is_cut(
    bot: PullquoteBot, server: FrailServer, heard: bool
) -> None:
    server.cut("POST", MESSAGES, heard=heard)
    await server.message(mention(server))
    await server.shown(1)
    await goes_on(server, 1)


async def test_a_place_in_the_queue_that_cannot_be_told_costs_neither_answer_nor_order(
    bot: PullquoteBot, server: FrailServer
) -> None:
    server.faults.delay(ORIGINAL, 0.1)
    asked = [await server.interaction("ask", {"question": LED}) for _ in range(5)]
    server.faults.fail("PATCH", asked[3].token + ORIGINAL, 500)  # which takes discord.py a second
    cards = await server.shown(5)
    said = [each.body.get("content") for each in server.asked("PATCH", "@original")]
    assert said.count("⏳ 3 questions before yours.") == 2
    assert said.count("⏳ 4 questions before yours.") == 1
    edited = [each["edited_timestamp"] for each in cards]
    assert edited == sorted(edited)


# Answers that can no longer be shown where they were asked for


async def test_an_answer_that_comes_too_late_for_its_command_is_posted_in_the_channel(
    bot: PullquoteBot, server: FrailServer
) -> None:
    server.faults.delay(ORIGINAL, 0.3)
    asked = [await server.interaction("ask", {"question": LED}) for _ in range(5)]
    for each in asked:
        await each.acknowledged()
    server.token_life = 0.0
    cards = await server.shown(5)
    assert titles(cards) == [LEADER] * 5
    assert not any("webhook_id" in card for card in cards)
    server.token_life = 900.0
    await goes_on(server, 5)


async def test_a_private_answer_that_comes_too_late_is_shown_to_nobody(
    bot: PullquoteBot, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.token_life = 0.0
    sent = await server.interaction("ask", {"question": LED, "private": True})
    await server.pulse.until(lambda: "could not be shown" in caplog.text)
    assert "50027" in caplog.text
    assert sent.callback is not None
    server.token_life = 900.0
    await goes_on(server, 0)


async def test_a_command_that_cannot_be_acknowledged_in_time_is_dropped(
    bot: PullquoteBot, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.ack_window = 0.0
    await server.interaction("ask", {"question": LED})
    await server.pulse.until(lambda: "discord refused: 404" in caplog.text)
    server.ack_window = 3.0
    await goes_on(server, 0)
    assert len(server.asked("PATCH", "@original")) == 1


async def test_a_channel_may_be_deleted_while_its_question_is_answered(
    bot: PullquoteBot, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.delay(MESSAGES, 0.1)
    guild, (channel,) = server.world.add_guild("Elsewhere", "doomed")
    await server.gateway.dispatch("GUILD_CREATE", server.world.guild_json(guild))
    await server.message(mention(server), channel=channel)
    await server.pulse.until(lambda: server.asked("POST", f"/channels/{channel.id}/messages"))
    del server.world.channels[channel.id]
    await server.gateway.dispatch("CHANNEL_DELETE", channel.to_json())
    await server.pulse.until(lambda: "could not be shown" in caplog.text)
    assert "10003" in caplog.text
    await goes_on(server, 0)


async def test_the_thinking_message_may_be_gone_when_the_answer_comes(
    bot: PullquoteBot, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.fail("PATCH", ORIGINAL, 404)
    await server.interaction("ask", {"question": LED})
    await server.pulse.until(lambda: "could not be shown: 404" in caplog.text)
    await goes_on(server, 0)


async def test_a_missing_permission_is_logged_with_its_mend(
    bot: PullquoteBot, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.fail("POST", MESSAGES, 403)
    await server.message(mention(server))
    await server.pulse.until(lambda: "could not be shown: 403" in caplog.text)
    assert f"in channel {server.world.channel.id} of server {server.world.guild.id}" in caplog.text
    assert "“Send Messages”" in caplog.text
    await goes_on(server, 0)


# The connection failing


async def test_questions_are_answered_over_a_lost_connection(bot: PullquoteBot, server: FrailServer) -> None:
    sent = await server.interaction("ask", {"question": LED})
    await sent.acknowledged()
    async with server.gateway.lost():
        assert titles([await sent.answer()]) == [LEADER]
        await server.message(mention(server))  # which the bot cannot hear now
    await server.shown(2)
    assert server.gateway.resumed == 1
    await goes_on(server, 2)


async def test_a_reconnect_storm_leaves_nothing_behind(bot: PullquoteBot, server: FrailServer) -> None:
    await goes_on(server, 0)
    before, sockets_before = tasks(), sockets()
    await server.gateway.reconnect_storm(5)
    for _ in range(5):
        await server.message(mention(server))
    await server.shown(6)
    await server.pulse.until(lambda: server.gateway.resumed == 5)
    await goes_on(server, 6)
    await server.pulse.until(lambda: tasks() <= before)
    for thread in keep_alives() - {bot.ws._keep_alive}:
        await asyncio.to_thread(thread.join, 5)
    assert sockets() <= sockets_before


def sockets() -> int:
    """Connections that are held in memory, those of other tests included."""
    gc.collect()
    return sum(issubclass(type(each), DiscordWebSocket) for each in gc.get_objects())


def tasks() -> Counter[str]:
    """The bot's tasks by what they do; the loopback serves in this loop as well."""
    names = (getattr(each.get_coro(), "__qualname__", "") for each in asyncio.all_tasks())
    return Counter(name for name in names if name != "RequestHandler.start")


def keep_alives() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name.startswith("keep-alive-handler")}


# Starting


@pytest.fixture
def start(
    server: FrailServer,
    config: Config,
    loaded: Loaded,
    monkeypatch: pytest.MonkeyPatch,
) -> Start:
    """Starts the bot as the command does, but with models that are open already."""
    monkeypatch.setenv(TOKEN, server.world.token)

    def make(config: Config, metrics: Metrics, *, sync: bool, guild: int | None) -> PullquoteBot:
        bot = PullquoteBot(config, metrics, sync=sync, guild=guild, loaded=loaded)
        bot._connection.guild_ready_timeout = 0.05
        return bot

    def start(*, sync: bool = False, guild: int | None = None, **changes: bool) -> "asyncio.Task[None]":
        changed = replace(config, discord=replace(config.discord, **changes))
        bot = starting.run(changed, sync=sync, guild=guild, make=make)
        return asyncio.create_task(asyncio.wait_for(bot, 60))

    return start


async def ready(server: FrailServer, caplog: pytest.LogCaptureFixture) -> None:
    """Wait until the bot says that it is ready; discord.py should not be stopped just before."""
    await server.pulse.until(lambda: "ready as" in caplog.text)
    caplog.clear()


async def stopped(bot: "asyncio.Task[None]") -> None:
    """Tell the bot to stop, as the system does; it has, without an error."""
    assert not bot.done()  # or the signal would end the tests
    os.kill(os.getpid(), signal.SIGTERM)
    await bot


async def test_a_refused_token_is_named(start: Start, server: FrailServer) -> None:
    server.world.token = "another"
    with pytest.raises(ConfigError, match=TOKEN) as raised:
        await start()
    assert "\n" not in str(raised.value)


async def test_a_token_revoked_while_the_bot_runs_is_named(
    start: Start, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    running = start()
    await ready(server, caplog)
    server.world.token = "another"
    await server.gateway.drop()
    with pytest.raises(ConfigError, match=TOKEN):
        await running


async def test_an_intent_that_is_not_granted_is_named(start: Start, server: FrailServer) -> None:
    server.gateway.disallowed_intents = discord.Intents(message_content=True).value
    with pytest.raises(ConfigError, match="Message Content Intent") as raised:
        await start()
    assert "discord.message_content" in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_the_bot_can_do_without_that_intent(
    start: Start, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.gateway.disallowed_intents = discord.Intents(message_content=True).value
    running = start(message_content=False)
    await ready(server, caplog)
    await goes_on(server, 0)
    await stopped(running)


async def test_discord_out_of_reach_or_out_of_order_is_said_in_a_line(
    start: Start, server: FrailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults.fail("GET", "/users/@me$", 503)
    server.cut("GET", "/users/@me$", heard=False)
    server.cut("GET", "/users/@me$", heard=False)  # aiohttp tries such a request twice
    for words in ("cannot be reached", "answers 503"):
        with pytest.raises(PullquoteError, match=words) as raised:
            await start()
        assert "\n" not in str(raised.value)
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{unheard.getsockname()[1]}")
        with pytest.raises(PullquoteError, match="cannot be reached") as raised:
            await start()
    assert "\n" not in str(raised.value)


async def test_a_gateway_out_of_reach_is_said_in_a_line(start: Start, server: FrailServer) -> None:
    for _ in range(2):  # aiohttp tries twice
        server.cut("GET", "^/gateway$", heard=False)
    with pytest.raises(PullquoteError, match="cannot be reached") as raised:
        await start()
    assert "\n" not in str(raised.value)


async def test_a_server_without_the_bot_cannot_be_given_commands(start: Start, server: FrailServer) -> None:
    server.faults.fail("PUT", "/guilds/7/commands$", 403)
    with pytest.raises(PullquoteError, match="--invite"):
        await start(guild=7)


def test_without_a_token_the_command_says_so_in_a_line(tmp_path: Path) -> None:
    result = run("pullquote", "--data-dir", tmp_path, "discord", DISCORD_TOKEN="")
    assert result.status == 2
    assert result.out == ""
    assert TOKEN in result.err
    assert len(result.err.splitlines()) == 1


async def test_the_invite_link_asks_for_the_needed_permissions_only(
    server: FrailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, server.world.token)
    link = urlsplit(await starting.invite())
    assert (link.scheme, link.netloc) == ("https", "discord.com")
    asked = parse_qs(link.query)
    assert asked["client_id"] == [str(server.world.application_id)]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == [str(starting.PERMISSIONS.value)]
    granted = {name for name, given in discord.Permissions(int(asked["permissions"][0])) if given}
    assert granted == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "embed_links",
        "create_public_threads",
        "read_message_history",
    }


async def test_the_command_prints_the_invite_link(server: FrailServer, tmp_path: Path) -> None:
    process = await Process.start(server, tmp_path, "discord", "--invite")
    status, out, log = await process.ended()
    assert (status, log) == (0, "")
    assert out.strip() == starting.invite_link(server.world.application_id)


# Stopping


async def test_a_bot_told_to_stop_finishes_the_question_in_hand(server: FrailServer, bot_data: Path) -> None:
    (bot_data / "pullquote.toml").write_text("[discord]\nworkers = 1\n")
    process = await Process.start(server, bot_data, "--config", str(bot_data / "pullquote.toml"), "discord")
    try:
        await process.logged("ready as")
        server.faults.delay(ORIGINAL, 1.0)
        asked = [await server.interaction("ask", {"question": LED}) for _ in range(3)]
        await server.pulse.until(lambda: server.asked("PATCH", "@original"))
        process.signal(signal.SIGTERM)
        first, *others = [await each.answer() for each in asked]
        assert titles([first]) == ["Jennifer Daskal"]  # by the reader that is shipped
        assert all("ask again in a minute" in each["content"] for each in others)
        status, out, log = await process.ended(10.0)
    finally:
        process.kill()
    assert (status, out) == (0, "")
    assert "Traceback" not in log
    assert server.world.token not in log


async def test_a_bot_told_to_stop_while_it_starts_stops(start: Start, server: FrailServer) -> None:
    server.faults.delay("/commands$", 0.2)
    running = start()
    await server.pulse.until(lambda: server.asked("PUT", "/commands"))
    await stopped(running)
    assert server.gateway.received == []


# Telling Discord of the commands


async def test_commands_are_sent_once_and_again_when_they_have_changed(
    make_bot: Callable[[], PullquoteBot], server: FrailServer, bot_data: Path
) -> None:
    for sent in (1, 1):
        async with running(make_bot(), server):
            assert len(server.asked("PUT", "/commands")) == sent
    with Ledger(bot_data) as ledger:
        key = f"commands of {server.world.application_id} in all servers"
        assert ledger.noted(key)
        ledger.note(key, "the digest of other commands")
    for sent in (2, 2):
        async with running(make_bot(), server):
            assert len(server.asked("PUT", "/commands")) == sent
    assert {"ask", "Ask about this", "articles", "config"} <= {
        each["name"] for each in server.world.commands[""]
    }


async def test_commands_can_be_sent_always_and_to_one_server(
    start: Start, server: FrailServer, caplog: pytest.LogCaptureFixture
) -> None:
    guild = server.world.guild.id
    for sync, where in ((True, None), (True, None), (False, guild), (False, guild)):
        running = start(sync=sync, guild=where)
        await ready(server, caplog)
        await stopped(running)
    everywhere = f"/applications/{server.world.application_id}"
    assert [each.path for each in server.requests if each.method == "PUT"] == [
        f"{everywhere}/commands",
        f"{everywhere}/commands",
        f"{everywhere}/guilds/{guild}/commands",
    ]
