"""What those who manage a server do, and what others may not."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import discord
import pytest

from index.config import DiscordConfig
from index.store import Store
from index.writer import Writer
from tests.discord.conftest import World, card_of, words_of

LED = "who led the US delegation?"
HARBOUR = b"Harbour closed\n\nBy Meridian Wire\n\nThe harbour of Ostravik closed on Monday after the storm.\n"
WHY = "why did the harbour of Ostravik close?"

# An ingest is a process of its own, which loads PyTorch.
ingests = pytest.mark.simcord(settle_timeout=120.0)


async def given(world: World, *names: str) -> None:
    """An admin lets Alice use commands that Discord shows to managers only."""
    for command in await world.env.bot.tree.fetch_commands():
        if command.name in names:
            world.server.set_command_permissions(command, {world.alice: True})


def titles(data_dir: Path) -> set[str]:
    with Store(data_dir) as store:
        return {article.title for article in store.articles()}


async def test_managing_is_offered_to_managers_only(world: World) -> None:
    offered = set(world.alice.available_commands(world.channel))
    assert {"ask", "sources", "stats"} <= offered
    for name in ("ingest", "remove", "config"):
        assert not any(each.split()[0] == name for each in offered)
        assert any(each.split()[0] == name for each in world.moderator.available_commands(world.channel))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ingest", {"url": "https://example.org/a"}),
        ("remove", {"article": "daskal"}),
        ("config show", {}),
        ("config manager", {}),
    ],
)
async def test_the_bot_looks_for_itself_whether_somebody_may_manage(
    world: World, name: str, options: dict[str, Any]
) -> None:
    await given(world, "ingest", "remove", "config")
    refused = await world.alice.slash(world.channel, name, **options)
    assert refused.ephemeral
    assert "those who manage this server" in refused.response.content


async def test_a_role_may_manage_but_not_hand_that_on(world: World) -> None:
    editors = world.server.create_role("Editors")
    eve = world.server.add_member(world.env.create_user("eve"), roles=[editors])
    for command in await world.env.bot.tree.fetch_commands():
        if command.name == "config":
            world.server.set_command_permissions(command, {editors: True})
    assert "Editors" not in words_of((await world.moderator.slash(world.channel, "config show")).response)
    refused = await eve.slash(world.channel, "config confidence", minimum=0.5)
    assert "those who manage" in refused.response.content
    await world.moderator.slash(world.channel, "config manager", role=editors)
    shown = await eve.slash(world.channel, "config confidence", minimum=0.5)
    assert "0.5" in words_of((shown.followups or [shown.response])[-1])
    refused = await eve.slash(world.channel, "config manager")
    assert "those who manage" in refused.response.content


@ingests
async def test_a_file_is_taken_in_and_answers_at_once(world: World, bot_data: Path) -> None:
    done = await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", HARBOUR))
    assert "1 added" in done.response.content
    assert not done.ephemeral
    assert "storm" in words_of((await world.ask(WHY)).response)
    assert "Harbour closed" in titles(bot_data)
    again = await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", HARBOUR))
    assert "1 unchanged" in again.response.content
    other = HARBOUR.replace(b"storm", b"landslide")
    changed = await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", other))
    assert "1 updated" in changed.response.content
    assert "landslide" in words_of((await world.ask(WHY)).response)


@ingests
@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("picture.png", b"\x89PNG"), "no format that I read"),
        (("empty.txt", b""), "empty.txt"),
        (("broken.jsonl", b'{"text": \n'), "not valid JSON"),
        (("bomb.jsonl.gz", gzip.compress(b"x" * 50_000_000)), "bomb.jsonl.gz"),
        (("..\\..\\evil@everyone.txt", b"\x00\x01\x02" * 100), "⚠️"),
    ],
)
async def test_a_file_that_cannot_be_taken_in_is_explained(
    world: World, bot_data: Path, file: tuple[str, bytes], told: str
) -> None:
    before = titles(bot_data)
    done = await world.moderator.slash(world.channel, "ingest", file=file)
    said = words_of((done.followups or [done.response])[-1])
    assert told in said
    assert str(bot_data) not in said
    assert "@everyone" not in said.replace("@\u200beveryone", "")
    assert titles(bot_data) == before
    uploads = bot_data / "uploads"
    assert all(each.parent.parent == uploads for each in uploads.rglob("*") if each.is_file())


class TestSize:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return DiscordConfig(upload_megabytes=1, user_per_minute=0)

    async def test_a_file_that_is_too_large_is_not_even_downloaded(
        self, world: World, bot_data: Path
    ) -> None:
        done = await world.moderator.slash(world.channel, "ingest", file=("big.txt", b"words " * 200_000))
        assert done.ephemeral
        assert "I take up to 1 MB" in done.response.content
        assert not (bot_data / "uploads").exists()


@ingests
async def test_an_ingest_wants_an_address_or_a_file(world: World) -> None:
    for options in ({}, {"url": "https://example.org/", "file": ("a.txt", b"A.")}):
        told = await world.moderator.slash(world.channel, "ingest", **options)
        assert "either an address or a file" in told.response.content
    told = await world.moderator.slash(world.channel, "ingest", url="file:///etc/passwd")
    assert "no address of a page" in told.response.content
    local = await world.moderator.slash(world.channel, "ingest", url="http://127.0.0.1/secret")
    assert "private address" in local.response.content


@ingests
async def test_the_progress_of_a_long_ingest_outlives_the_interaction(world: World) -> None:
    world.env.inject_error(
        "PATCH", "/webhooks/*/messages/@original", status=401, code=50027, message="Invalid Webhook Token",
        times=None,
    )  # fmt: skip
    await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", HARBOUR))
    assert "1 added" in world.channel.last_message.content


async def test_an_article_is_removed_when_it_is_said_twice(world: World, bot_data: Path) -> None:
    choices = await world.moderator.autocomplete(world.channel, "remove", "article", "american and chinese")
    chosen = choices[0]
    assert "American and Chinese" in chosen["name"]
    asked = await world.moderator.slash(world.channel, "remove", article=chosen["value"])
    question = (asked.followups or [asked.response])[-1]
    kept = await world.moderator.click(question, label="Keep")
    assert "Nothing was removed" in kept.response.content
    asked = await world.moderator.slash(world.channel, "remove", article=chosen["value"])
    await world.moderator.click((asked.followups or [asked.response])[-1], label="Remove")
    assert card_of((await world.ask(LED)).response).title != "Jennifer Daskal"
    gone = await world.moderator.slash(world.channel, "remove", article=chosen["value"])
    assert "no such article" in words_of((gone.followups or [gone.response])[-1])


@ingests
async def test_what_one_server_ingests_into_its_collection_no_other_sees(world: World) -> None:
    other = world.env.create_guild("Other")
    elsewhere = other.create_text_channel("news")
    bob = other.add_member(world.env.create_user("bob"))
    await world.moderator.slash(world.channel, "config collection", name="local")
    assert "no articles yet" in words_of((await world.ask(LED)).response)
    await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", HARBOUR))
    assert "storm" in words_of((await world.ask(WHY)).response)
    assert "Ostravik" not in words_of((await bob.slash(elsewhere, "ask", question=WHY)).response)
    assert card_of((await bob.slash(elsewhere, "ask", question=LED)).response).title == "Jennifer Daskal"
    assert await bob.autocomplete(elsewhere, "articles show", "article", "harbour closed") == []
    # A name means another collection in another server.
    managers = other.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    eve = other.add_member(world.env.create_user("eve"), roles=[managers])
    await eve.slash(elsewhere, "config collection", name="local")
    assert "no articles yet" in words_of((await bob.slash(elsewhere, "ask", question=WHY)).response)
    await world.moderator.slash(world.channel, "config collection")
    assert card_of((await world.ask(LED)).response).title == "Jennifer Daskal"


class TestWhere:
    async def test_in_other_channels_answers_are_private_or_there_are_none(self, world: World) -> None:
        lobby = world.server.create_text_channel("lobby")
        await world.moderator.slash(world.channel, "config channel", channel=world.channel, answers=True)
        assert not (await world.ask(LED)).ephemeral
        private = await world.alice.slash(lobby, "ask", question=LED)
        assert private.ephemeral
        assert card_of(private.response).title == "Jennifer Daskal"
        await world.alice.send(lobby, f"{world.server.me.mention} {LED}")
        assert "use `/ask`" in lobby.last_message.content
        await world.moderator.slash(world.channel, "config elsewhere", private=False)
        refused = await world.alice.slash(lobby, "ask", question=LED)
        assert refused.ephemeral
        assert world.channel.mention in refused.response.content

    async def test_a_thread_counts_as_its_channel(self, world: World) -> None:
        await world.moderator.slash(world.channel, "config channel", channel=world.channel, answers=True)
        await world.alice.click((await world.ask(LED)).response, label="Open thread")
        (thread,) = world.channel.threads
        await world.alice.send(thread, "when was cooperation suspended?")
        assert thread.last_message.embeds

    async def test_blocked_users_and_channels_are_not_answered(self, world: World) -> None:
        bob = world.server.add_member(world.env.create_user("bob"))
        await world.moderator.slash(world.channel, "config block", user=bob)
        refused = await bob.slash(world.channel, "ask", question=LED)
        assert refused.ephemeral
        assert not refused.response.embeds
        await bob.send(world.channel, f"{world.server.me.mention} {LED}")
        assert world.channel.last_message.author.id == bob.id
        await world.moderator.slash(world.channel, "config block", user=bob, blocked=False)
        assert (await bob.slash(world.channel, "ask", question=LED)).response.embeds
        await world.moderator.slash(world.channel, "config block", channel=world.channel)
        assert not (await world.ask(LED)).response.embeds


async def test_filters_and_confidence_of_the_server_apply_where_a_question_names_none(world: World) -> None:
    await world.moderator.slash(world.channel, "config filters", until="2023-12")
    assert "outside the given dates" in words_of((await world.ask(LED)).response)
    assert card_of((await world.ask(LED, since="2024")).response).title == "Jennifer Daskal"
    await world.moderator.slash(world.channel, "config filters")
    await world.moderator.slash(world.channel, "config confidence", minimum=1.0)
    assert "too weak" in words_of((await world.ask(LED)).response)
    await world.moderator.slash(world.channel, "config confidence")
    assert card_of((await world.ask(LED)).response).title == "Jennifer Daskal"


async def test_settings_that_cannot_be_are_refused(world: World) -> None:
    for options in ({"since": "soon"}, {"since": "2024", "until": "2023"}):
        told = await world.moderator.slash(world.channel, "config filters", **options)
        assert "2024" in words_of((told.followups or [told.response])[-1])
    told = await world.moderator.slash(world.channel, "config collection", name="../../etc")
    assert "cannot be the name of a collection" in words_of((told.followups or [told.response])[-1])


async def test_settings_survive_a_restart(world: World, make_bot: Any) -> None:
    await world.moderator.slash(world.channel, "config confidence", minimum=1.0)
    await world.env.restart_bot(make_bot())
    assert "too weak" in words_of((await world.ask(LED)).response)


@ingests
async def test_an_ingest_waits_for_the_operators_own(world: World, bot_data: Path) -> None:
    writer = Writer(bot_data)
    closing = asyncio.get_running_loop().call_later(4, writer.close)
    done = await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", HARBOUR))
    assert closing.when() < asyncio.get_running_loop().time()
    assert "1 added" in done.response.content
