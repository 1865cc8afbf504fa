"""The loopback Discord: what discord.py, unmodified, makes of faults on the wire."""

import json
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord.loopback import Server, running, serving
from tests.discord.loopback.gateway import HEARTBEAT, HELLO, IDENTIFY, INVALID, RESUME

CALLBACK = "/callback"
ORIGINAL = "/messages/@original"

Bot = commands.Bot
Interaction = discord.Interaction[Bot]


@dataclass
class Echo:
    """A bot that says again what it is told, and keeps what it heard and what went wrong."""

    bot: Bot
    errors: list[Exception] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)


class Buttons(discord.ui.View):
    @discord.ui.button(label="Comment", custom_id="comment")
    async def comment(self, interaction: Interaction, _: discord.ui.Button[discord.ui.View]) -> None:
        await interaction.response.send_modal(Comment())

    @discord.ui.select(custom_id="tone", options=[discord.SelectOption(label="loud")])
    async def tone(self, interaction: Interaction, select: discord.ui.Select[discord.ui.View]) -> None:
        await interaction.response.edit_message(content=select.values[0], view=None)


class Comment(discord.ui.Modal, title="Comment"):
    words: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(label="Words", custom_id="words")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted: {self.words.value}", ephemeral=True)


def echo(server: Server) -> Echo:
    bot = Bot(commands.when_mentioned, intents=discord.Intents.default())
    made = Echo(bot)

    @bot.tree.command(description="Say it again")
    async def say(interaction: Interaction, text: str) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=text, view=Buttons())

    @say.autocomplete("text")
    async def louder(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}!", value=f"{current}!")]

    @bot.tree.context_menu(name="Say this")
    async def say_this(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(message.content, ephemeral=True)

    @bot.tree.error
    async def failed(interaction: Interaction, error: app_commands.AppCommandError) -> None:
        made.errors.append(error.original if isinstance(error, app_commands.CommandInvokeError) else error)
        server.pulse.beat()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            made.heard.append(message.content)
            server.pulse.beat()

    return made


def general(made: Echo) -> discord.TextChannel:
    (channel,) = made.bot.guilds[0].text_channels
    return channel


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


@pytest.fixture
async def made(server: Server) -> AsyncIterator[Echo]:
    made = echo(server)
    async with running(made.bot, server):
        yield made


# What works without faults


async def test_the_bot_is_ready_with_its_servers(made: Echo, server: Server) -> None:
    assert made.bot.user is not None
    assert made.bot.user.id == server.world.bot.id
    assert made.bot.application_id == server.world.application_id
    (guild,) = made.bot.guilds
    assert [each.name for each in guild.text_channels] == ["general"]
    assert guild.me.guild_permissions.embed_links
    assert not guild.me.guild_permissions.manage_guild


async def test_a_command_is_deferred_then_edited(made: Echo, server: Server) -> None:
    sent = await server.interaction("say", {"text": "good morning"})
    assert (await sent.acknowledged())["type"] == 5
    assert (await sent.answer())["content"] == "good morning"
    assert sent.acknowledged_after is not None
    assert len(server.asked("POST", CALLBACK)) == len(server.asked("PATCH", ORIGINAL)) == 1


async def test_buttons_selects_and_modals_reach_the_bot(made: Echo, server: Server) -> None:
    message = await (await server.interaction("say", {"text": "quiet"})).answer()
    shown = await server.use(message, "comment")
    noted = await server.submit(shown, {"words": "well said"})
    assert (await noted.answer())["content"] == "Noted: well said"
    chosen = await (await server.use(message, "tone", "loud")).answer()
    assert (chosen["id"], chosen["content"], chosen["components"]) == (message["id"], "loud", [])


async def test_autocompletion_and_context_menus_reach_the_bot(made: Echo, server: Server) -> None:
    typed = await server.interaction("say", {"text": "hey"}, focused="text")
    assert [each["value"] for each in (await typed.acknowledged())["data"]["choices"]] == ["hey!"]
    message = await server.message("what ada wrote")
    assert (await (await server.context_menu("Say this", message)).answer())["content"] == "what ada wrote"


async def test_messages_are_sent_edited_replied_to_threaded_and_deleted(made: Echo, server: Server) -> None:
    channel = general(made)
    sent = await channel.send("one")
    await sent.edit(content="two")
    assert (await channel.fetch_message(sent.id)).content == "two"
    assert (await sent.reply("yes")).reference is not None
    await sent.add_reaction("👍")
    thread = await sent.create_thread(name="on that")
    async with thread.typing():
        await thread.send("inside")
    await server.message("in the thread", channel=server.world.channels[thread.id])
    await server.pulse.until(lambda: made.heard == ["in the thread"])
    await sent.delete()
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(sent.id)


async def test_direct_messages_go_both_ways(made: Echo, server: Server) -> None:
    ada = server.world.user
    await server.message("psst", channel=server.world.direct(ada))
    await server.pulse.until(lambda: made.heard == ["psst"])
    sent = await (await made.bot.create_dm(discord.Object(ada.id))).send("yes?")
    assert server.world.messages[sent.id]["channel_id"] == str(server.world.direct(ada).id)


async def test_commands_are_remembered_globally_and_for_a_server(made: Echo, server: Server) -> None:
    guild = discord.Object(server.world.guild.id)
    await made.bot.tree.sync()
    made.bot.tree.copy_global_to(guild=guild)
    await made.bot.tree.sync(guild=guild)
    fetched = await made.bot.tree.fetch_commands(guild=guild)
    assert (
        {each.name for each in fetched}
        == {each["name"] for each in server.world.commands[""]}
        == {"say", "Say this"}
    )
    assert (await (await server.interaction("say", {"text": "here"})).answer())["content"] == "here"


async def test_heartbeats_are_answered(server: Server) -> None:
    server.gateway.heartbeat_interval = 0.02
    made = echo(server)
    async with running(made.bot, server):
        await server.pulse.until(lambda: server.gateway.count(HEARTBEAT) >= 4)
        assert made.bot.latency < float("inf")


# REST failing


@pytest.mark.parametrize("global_", [False, True])
async def test_a_rate_limit_is_waited_for_and_nothing_is_sent_twice(
    made: Echo, server: Server, global_: bool
) -> None:
    server.faults.fail("POST", "/messages$", 429, global_=global_)
    channel = general(made)
    sent = await channel.send("patiently")
    assert [each["content"] for each in server.world.messages.values()] == ["patiently"]
    assert sent.id in server.world.messages
    assert len(server.asked("POST", "/messages")) == 2
    assert server.faults.unmet == 0


async def test_a_rate_limit_on_an_answer_is_waited_for(made: Echo, server: Server) -> None:
    server.faults.fail("PATCH", ORIGINAL, 429, times=2)
    sent = await server.interaction("say", {"text": "at last"})
    assert (await sent.answer())["content"] == "at last"
    assert len(server.asked("PATCH", ORIGINAL)) == 3


async def test_answers_are_tried_again_after_500_and_503(made: Echo, server: Server) -> None:
    # One second each in discord.py, so both are under way at once.
    server.faults.fail("PATCH", ORIGINAL, 500)
    server.faults.fail("PATCH", ORIGINAL, 503)
    first = await server.interaction("say", {"text": "first"})
    second = await server.interaction("say", {"text": "second"})
    assert (await first.answer())["content"] == "first"
    assert (await second.answer())["content"] == "second"
    assert server.faults.unmet == 0
    assert made.errors == []


async def test_a_message_that_meets_503_is_given_up_at_once(made: Echo, server: Server) -> None:
    # Unlike 500, 502 and 504, and unlike an interaction's answer: whoever sends it must try again.
    server.faults.fail("POST", "/messages$", 503)
    channel = general(made)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("lost")
    assert server.world.messages == {}


async def test_an_acknowledgement_that_comes_too_late_finds_nothing(made: Echo, server: Server) -> None:
    server.ack_window = 0.1
    server.faults.delay(CALLBACK, 0.2)
    sent = await server.interaction("say", {"text": "too late"})
    await server.pulse.until(lambda: made.errors)
    (error,) = made.errors
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062
    assert sent.callback is None
    assert server.asked("PATCH", ORIGINAL) == []


async def test_an_answer_after_the_tokens_end_is_refused(made: Echo, server: Server) -> None:
    server.token_life = 0.0
    sent = await server.interaction("say", {"text": "a quarter of an hour later"})
    await server.pulse.until(lambda: made.errors)
    (error,) = made.errors
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (401, 50027)
    assert sent.original is not None
    assert sent.original["content"] == ""


async def test_an_interaction_is_acknowledged_once_only(made: Echo, server: Server) -> None:
    sent = await server.interaction("say", {"text": "once"})
    await sent.answer()
    url = f"{server.api}/interactions/{sent.id}/{sent.token}/callback"
    async with aiohttp.ClientSession() as session, session.post(url, json={"type": 5}) as again:
        assert (again.status, (await again.json())["code"]) == (400, 40060)


async def test_what_the_loopback_does_not_know_is_said_aloud(made: Echo, server: Server) -> None:
    with pytest.raises(discord.NotFound):
        await made.bot.fetch_guild(1)
    assert len(server.unknown_routes) == 1
    assert "/guilds/1" in server.unknown_routes[0]
    server.unknown_routes.clear()


# The connection failing


@pytest.mark.parametrize("code", [None, 1000, 4000])
async def test_what_happened_while_the_connection_was_lost_is_heard_after(
    made: Echo, server: Server, code: int | None
) -> None:
    await server.message("before")
    async with server.gateway.lost(code):
        await server.message("meanwhile")
        sent = await server.interaction("say", {"text": "still here"})
        assert made.heard == ["before"]
    await server.message("after")
    assert (await sent.answer())["content"] == "still here"
    await server.pulse.until(lambda: len(made.heard) >= 3)
    assert made.heard == ["before", "meanwhile", "after"]
    assert (server.gateway.count(IDENTIFY), server.gateway.count(RESUME)) == (1, 1)


async def test_the_bot_reconnects_when_it_is_asked_to(made: Echo, server: Server) -> None:
    await server.gateway.reconnect()
    await server.pulse.until(lambda: server.gateway.resumed == 1)
    await server.message("hello again")
    await server.pulse.until(lambda: made.heard == ["hello again"])
    assert server.gateway.count(IDENTIFY) == 1


async def test_a_reconnect_storm_loses_and_repeats_nothing(made: Echo, server: Server) -> None:
    await server.gateway.reconnect_storm(5)
    for number in range(20):
        await server.message(str(number))
    await server.pulse.until(lambda: server.gateway.resumed == 5 and len(made.heard) >= 20)
    assert made.heard == [str(number) for number in range(20)]
    assert (server.gateway.count(IDENTIFY), server.gateway.count(RESUME)) == (1, 5)


async def test_a_session_called_invalid_but_resumable_is_resumed(made: Echo, server: Server) -> None:
    await server.gateway.invalidate(resumable=True)
    await server.pulse.until(lambda: server.gateway.resumed == 1)
    assert server.gateway.count(IDENTIFY) == 1


@pytest.mark.parametrize("compress", [None, "zlib-stream"])
async def test_a_session_that_was_forgotten_cannot_be_resumed(server: Server, compress: str | None) -> None:
    # Not by discord.py, which waits for five seconds before it identifies anew.
    inflate = zlib.decompressobj()
    query = {} if compress is None else {"compress": compress}
    resume = {"op": RESUME, "d": {"token": server.world.token, "session_id": "forgotten", "seq": 7}}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway.url, params=query) as socket,
    ):
        await socket.send_json(resume)
        frames = [(await socket.receive()).data for _ in range(2)]
    hello, invalid = (json.loads(inflate.decompress(each) if compress else each) for each in frames)
    assert hello["op"] == HELLO
    assert (invalid["op"], invalid["d"]) == (INVALID, False)


async def test_a_bot_that_starts_again_finds_the_old_buttons(server: Server) -> None:
    async with running(echo(server).bot, server):
        message = await (await server.interaction("say", {"text": "old"})).answer()
    made = echo(server)
    made.bot.add_view(Buttons(timeout=None))
    async with running(made.bot, server):
        chosen = await server.use(message, "tone", "loud")
        assert (await chosen.answer())["content"] == "loud"
    assert (server.gateway.count(IDENTIFY), server.gateway.count(RESUME)) == (2, 0)


# The bot refused


async def test_a_refused_token_is_a_failed_login(server: Server) -> None:
    bot = echo(server).bot
    async with bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("another token")


async def test_a_token_revoked_while_running_ends_the_bot(server: Server) -> None:
    async with running(echo(server).bot, server) as started:
        server.world.token = "a new one"
        await server.gateway.drop()
        with pytest.raises(discord.ConnectionClosed) as closed:
            await started
    assert closed.value.code == 4004


async def test_intents_that_were_not_granted_are_named(server: Server) -> None:
    server.gateway.disallowed_intents = discord.Intents(guild_messages=True).value
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(echo(server).bot, server):
            pass


async def test_the_base_addresses_are_put_back() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with serving() as server:
        assert server.api == Route.BASE
        assert before != (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
