"""Every way to ask, as people see it."""

from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.discord.bot import PullquoteBot
from index.config import DiscordConfig
from tests.discord.conftest import World, card_of, words_of

LED = "who led the US delegation?"
WHEN = "when was cooperation suspended?"
UNKNOWN = "who won the chess olympiad?"


async def test_a_command_is_deferred_and_answered_in_place(world: World) -> None:
    result = await world.ask(LED)
    callbacks = [each.json for each in world.env.http_requests if each.path.endswith("/callback")]
    assert [each["type"] for each in callbacks] == [
        discord.InteractionResponseType.deferred_channel_message.value
    ]
    card = card_of(result.response)
    assert card.title == "Jennifer Daskal"
    assert "**Jennifer Daskal**, deputy homeland security adviser" in (card.description or "")
    assert "Meridian Wire" in (card.description or "")
    assert not result.ephemeral


async def test_a_question_that_the_articles_do_not_answer_gets_the_nearest_passages(world: World) -> None:
    card = card_of((await world.ask(UNKNOWN)).response)
    assert card.title == "The articles do not say"
    assert "Nearest passage" in (card.description or "")


async def test_a_private_answer_is_seen_by_the_asker_only(world: World) -> None:
    result = await world.ask(LED, private=True)
    assert result.ephemeral
    assert card_of(result.response).title == "Jennifer Daskal"


async def test_filters_keep_other_articles_out(world: World) -> None:
    card = card_of((await world.ask(LED, until="2023")).response)
    assert card.title == "The articles do not say"
    assert "outside the given dates" in (card.description or "")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"since": "soon"}, "write 2024-01-29, 2024-01 or 2024"),
        ({"since": "2024", "until": "2023"}, "no article can pass"),
        ({"question": "   "}, "empty question"),
        ({"question": "why " * 200}, "at most 500"),
    ],
)
async def test_what_cannot_be_asked_is_explained_to_the_asker_only(
    world: World, options: dict[str, Any], told: str
) -> None:
    result = await world.alice.slash(world.channel, "ask", **({"question": LED} | options))
    assert result.ephemeral
    assert told in result.response.content
    assert not result.response.embeds


async def test_publishers_are_completed_from_the_articles(world: World) -> None:
    choices = await world.alice.autocomplete(world.channel, "ask", "publisher", "meri", question=LED)
    assert [each["value"] for each in choices] == ["Meridian Wire"]


async def test_a_mention_is_answered_by_a_reply_that_pings_nobody(world: World) -> None:
    me = world.server.me
    asked = await world.alice.send(world.channel, f"{me.mention} {LED}")
    reply = world.channel.last_message
    assert reply.reference is not None
    assert reply.reference.message_id == asked.id
    assert card_of(reply).title == "Jennifer Daskal"
    assert not reply.mentions


async def test_a_mention_without_a_question_gets_a_hint(world: World) -> None:
    await world.alice.send(world.channel, world.server.me.mention)
    assert "Ask me something" in world.channel.last_message.content


async def test_other_talk_bots_webhooks_and_itself_are_left_alone(world: World) -> None:
    await world.alice.send(world.channel, LED)
    robot = world.server.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.channel, f"{world.server.me.mention} {LED}")
    hook = world.server.create_webhook(world.channel)
    await hook.send(f"{world.server.me.mention} {LED}")
    assert not [message for message in world.channel.history() if message.author.id == world.server.me.id]


async def test_a_reply_to_an_answer_is_a_follow_up(world: World) -> None:
    await world.ask(LED)
    await world.alice.send(world.channel, "when did she do that?", reply_to=world.channel.last_message)
    card = card_of(world.channel.last_message)
    assert "understood as: when did she do that?" in (card.description or "").lower()


async def test_a_message_in_an_answers_thread_is_a_follow_up(world: World) -> None:
    answer = await world.ask(LED)
    await world.alice.click(answer.response, label="Open thread")
    (thread,) = world.channel.threads
    assert thread.name == LED
    await world.alice.send(thread, "and who travelled with her?")
    first = card_of(thread.last_message)
    assert "delegation" in (first.description or "")
    await world.alice.send(thread, "why?")
    assert thread.last_message.author.id == world.server.me.id


async def test_talk_in_other_threads_is_left_alone_where_something_was_asked(world: World) -> None:
    message = await world.alice.send(world.channel, "Who is in for lunch?")
    thread_id = (await message.create_thread(name="lunch")).id
    thread = next(each for each in world.channel.threads if each.id == thread_id)
    await world.alice.slash(thread, "ask", question=LED)
    await world.moderator.send(thread, "and when did she do that?")
    assert thread.last_message.author.id == world.moderator.id


async def test_a_private_answer_in_a_thread_is_followed_up_by_nobody(world: World) -> None:
    await world.alice.click((await world.ask("what is fentanyl?")).response, label="Open thread")
    (thread,) = world.channel.threads
    await world.alice.slash(thread, "ask", question=LED, private=True)
    await world.moderator.send(thread, "and where?")
    (understood,) = [
        line for line in words_of(thread.last_message).splitlines() if line.startswith("Understood as")
    ]
    assert "fentanyl" in understood
    assert "delegation" not in understood


async def test_a_messages_text_can_be_taken_as_the_question(world: World) -> None:
    message = await world.alice.send(world.channel, LED)
    result = await world.alice.context_menu(world.channel, "Ask about this", message)
    assert card_of(result.response).title == "Jennifer Daskal"


async def test_direct_messages_are_left_alone_unless_they_are_allowed(world: World) -> None:
    user = world.env.create_user("zoe")
    await user.send_dm(LED)
    assert [message.author.name for message in user.dm_channel.history()] == ["zoe"]


class TestDirectMessages:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return DiscordConfig(direct_messages=True, user_per_minute=0)

    async def test_they_are_answered_where_the_operator_allows_them(self, world: World) -> None:
        user = world.env.create_user("zoe")
        await user.send_dm(LED)
        assert card_of(user.dm_channel.last_message).title == "Jennifer Daskal"
        await user.send_dm("when did she do that?")
        assert "Understood as" in words_of(user.dm_channel.last_message)


class TestCooldown:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return DiscordConfig(user_per_minute=2, server_per_minute=3)

    async def test_a_user_who_asks_too_fast_is_told_how_long_to_wait(self, world: World) -> None:
        for _ in range(2):
            assert card_of((await world.ask(LED)).response).title == "Jennifer Daskal"
        refused = await world.ask(LED)
        assert refused.ephemeral
        assert "ask again in" in refused.response.content
        bob = world.server.add_member(world.env.create_user("bob"))
        assert (await bob.slash(world.channel, "ask", question=LED)).response.embeds
        carol = world.server.add_member(world.env.create_user("carol"))
        refused = await carol.slash(world.channel, "ask", question=LED)
        assert "this server has asked as much as it may" in refused.response.content.lower()


async def test_a_channel_in_which_the_bot_may_not_write_costs_it_nothing_but_that_answer(
    world: World,
) -> None:
    mute = world.server.create_text_channel(
        "mute", overwrites={world.server.default_role: discord.PermissionOverwrite(embed_links=False)}
    )
    await world.alice.send(mute, f"{world.server.me.mention} {LED}")
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50013)
    await world.alice.send(world.channel, f"{world.server.me.mention} {LED}")
    assert card_of((await world.ask(LED)).response).title == "Jennifer Daskal"


async def test_a_second_start_sends_no_commands(world: World, make_bot: Callable[[], PullquoteBot]) -> None:
    def sent() -> int:
        return sum(
            entry.method == "PUT" and entry.path.endswith("/commands") for entry in world.env.http_requests
        )

    assert sent() == 1
    await world.env.restart_bot(make_bot())
    assert sent() == 1
    assert card_of((await world.ask(LED)).response).title == "Jennifer Daskal"
