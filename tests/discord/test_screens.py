"""Every screen of the bot, as text in ``screens/`` that a reviewer can read.

``UPDATE_SCREENS=1 pytest tests/discord/test_screens.py`` writes them anew. What is random
(ids) or differs from processor to processor (the last digits of a confidence) is masked.
"""

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord import jobs
from bot.discord.bot import PullquoteBot
from bot.discord.ledger import Ledger
from index.config import DiscordConfig
from index.engine import Engine
from index.writer import Writer
from tests.discord.conftest import ROOMY, World
from tests.discord.rendering import commands, form, masked, screen
from tests.discord.test_buttons import change_article, press
from tests.discord.test_managing import given, ingests

FOLDER = Path(__file__).parent / "screens"
UPDATE = "UPDATE_SCREENS"

LED = "who led the US delegation?"
UNKNOWN = "who won the chess olympiad?"
HARBOUR = b"Harbour closed\n\nBy Meridian Wire\n\nThe harbour of Ostravik closed on Monday after the storm.\n"


@dataclass(frozen=True)
class Screens:
    """Compares what is shown with the fixture of that name."""

    world: World

    def compare(self, name: str, done: str, *shown: Any) -> None:
        """``done`` says what somebody did to see it; ``shown`` are messages, or text made of them."""
        blocks = [each if isinstance(each, str) else screen(each) for each in shown]
        text = masked("\n\n".join([done, "\n---\n\n".join(blocks)]), self._names())
        path = FOLDER / f"{name}.txt"
        if os.environ.get(UPDATE):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path.name} is missing: set {UPDATE}=1 to write it"
        assert text == path.read_text(encoding="utf-8")

    def _names(self) -> dict[int, str]:
        things = [self.world.alice, self.world.moderator]
        for server in self.world.env._guilds:
            channels = list(server.channels.values())
            things += [*channels, *server.roles.values(), *(each for one in channels for each in one.threads)]
        return {each.id: each.name for each in things}


@pytest.fixture
def screens(world: World) -> Screens:
    return Screens(world)


def last(result: Any) -> Any:
    """What a command that was deferred ends with."""
    return (result.followups or [result.response])[-1]


def sent(world: World, words: str) -> Any:
    """The last message with these words that the bot sent, also if another has taken its place since."""
    for request in reversed(world.env.http_requests):
        payload = request.json if isinstance(request.json, dict) else {}
        payload = payload.get("data") or payload
        if words in (payload.get("content") or ""):
            flags = discord.MessageFlags._from_value(payload.get("flags") or 0)
            return SimpleNamespace(content=payload["content"], embeds=[], components=[], flags=flags)
    raise AssertionError(f"nothing with {words!r} was sent")


async def test_the_commands(world: World, screens: Screens) -> None:
    (payload,) = (
        each.json
        for each in world.env.http_requests
        if each.method == "PUT" and each.path.endswith("/commands")
    )
    screens.compare("commands", "The commands, as Discord is told of them", commands(payload))


async def test_answers(world: World, screens: Screens) -> None:
    answer = await world.ask(LED)
    screens.compare("answer", f"Alice: /ask question:{LED}", answer.response)
    turned = await press(world.alice, answer.response, "▶")
    screens.compare("answer-page-2", "Alice presses ▶ under her answer", turned.response)
    copy = await press(world.moderator, turned.response, "▶")
    screens.compare(
        "answer-page-3-for-another", "The moderator presses ▶ under Alice’s answer", copy.response
    )
    private = await world.ask(LED, private=True)
    screens.compare("answer-private", f"Alice: /ask question:{LED} private:True", private.response)
    question = "what day did the fentanyl talks in Beijing begin?"
    derived = await world.ask(question)
    screens.compare("answer-derived-date", f"Alice: /ask question:{question}", derived.response)


async def test_follow_ups(world: World, screens: Screens) -> None:
    answer = await world.ask(LED)
    question = "and who travelled with her?"
    await world.alice.send(world.channel, question, reply_to=world.channel.last_message)
    screens.compare("follow-up", f"Alice replies to her answer: {question}", world.channel.last_message)
    opened = await press(world.alice, answer.response, "Open thread")
    screens.compare("thread-opened", "Alice presses Open thread", last(opened))
    (thread,) = world.channel.threads
    again = await press(world.moderator, answer.response, "Open thread")
    screens.compare("thread-open-already", "The moderator presses it too", last(again))
    await world.alice.send(thread, "when did she do that?")
    inside = await press(world.alice, thread.last_message, "Open thread")
    screens.compare("thread-in-a-thread", "Alice presses Open thread in a thread", last(inside))
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
    refused = await press(world.alice, (await world.ask(UNKNOWN)).response, "Open thread")
    screens.compare("thread-not-permitted", "Alice presses it where the bot may not open one", last(refused))
    private = await world.ask(LED, private=True)
    told = await press(world.alice, private.response, "Open thread")
    screens.compare("thread-of-a-private-answer", "Alice presses it under a private answer", last(told))


async def test_abstentions(world: World, screens: Screens) -> None:
    for name, question, options in (
        ("nothing-about-it", UNKNOWN, {}),
        ("about-it-but-not-this", "how old is Jennifer Daskal?", {}),
        ("outside-the-dates", LED, {"until": "2023"}),
        ("nothing-passes", UNKNOWN, {"publisher": "Nobody"}),
    ):
        asked = " ".join([f"/ask question:{question}", *(f"{key}:{value}" for key, value in options.items())])
        screens.compare(
            f"no-answer-{name}", f"Alice: {asked}", (await world.ask(question, **options)).response
        )
    await world.moderator.slash(world.channel, "config confidence", minimum=1.0)
    screens.compare(
        "no-answer-too-weak",
        f"Alice: /ask question:{LED}, after /config confidence minimum:1",
        (await world.ask(LED)).response,
    )
    await world.moderator.slash(world.channel, "config collection", name="local")
    screens.compare(
        "no-answer-no-articles",
        f"Alice: /ask question:{LED}, after /config collection name:local",
        (await world.ask(LED)).response,
    )
    for name, command, options in (
        ("articles-none", "articles recent", {}),
        ("sources-none", "sources", {}),
        ("stats-none", "stats", {}),
    ):
        shown = await world.alice.slash(world.channel, command, **options)
        screens.compare(name, f"Alice: /{command}, in a server with an empty collection", last(shown))


async def test_buttons_of_an_article_that_has_changed(
    world: World, screens: Screens, bot_data: Path, tmp_path: Path
) -> None:
    answer = await world.ask(LED)
    context = await press(world.alice, answer.response, "Show context")
    screens.compare("context", "Alice presses Show context", context.response)
    with Ledger(bot_data) as ledger:
        card = ledger.card_of_message(answer.response.id)
    assert card is not None
    change_article(bot_data, tmp_path, card.reply.sources[0].path or "")
    changed = await press(world.alice, answer.response, "Show context")
    screens.compare("context-of-a-changed-article", "Alice presses Show context", changed.response)
    turned = await press(world.alice, (await press(world.alice, answer.response, "▶")).response, "◀")
    screens.compare("answer-of-a-changed-article", "Alice presses ▶ and then ◀", turned.response)
    with Writer(bot_data) as writer:
        writer.remove([card.reply.sources[0].article_id])
    gone = await press(world.alice, answer.response, "Show context")
    screens.compare("context-of-a-removed-article", "Alice presses Show context", gone.response)
    with Ledger(bot_data) as ledger:
        assert ledger.forget_cards("9999")
    old = await press(world.alice, answer.response, "▶")
    screens.compare("old-card", "Alice presses ▶ under an answer of 90 days ago", old.response)


async def test_feedback(world: World, screens: Screens) -> None:
    inbox = world.server.create_text_channel("feedback")
    await world.moderator.slash(world.channel, "config feedback", channel=inbox)
    answer = (await world.ask(LED)).response
    thanks = await press(world.moderator, answer, "👍")
    screens.compare("rated-good", "The moderator presses 👍", thanks.response)
    screens.compare("report-good", "In the feedback channel, then:", inbox.last_message)
    why = await press(world.alice, answer, "👎")
    screens.compare("rated-bad", "Alice presses 👎", why.response)
    chosen = await world.alice.select(why.response, ["WRONG_SPAN"])
    screens.compare("rated-bad-reason", "Alice chooses Wrong words", chosen.response)
    screens.compare("report-bad", "In the feedback channel, then:", inbox.last_message)
    shown = await world.alice.click(chosen.response, label="Add a comment")
    screens.compare("comment-form", "Alice presses Add a comment", form(shown.modal))
    (field,) = (row["components"][0] for row in shown.modal["components"])
    done = await world.alice.submit_modal(shown, {field["custom_id"]: "It was her *deputy*."})
    screens.compare("comment-thanks", "Alice sends the form", done.response)
    screens.compare("report-comment", "In the feedback channel, then:", inbox.last_message)
    abstention = (await world.ask(UNKNOWN)).response
    why = await press(world.alice, abstention, "👎")
    screens.compare("rated-bad-abstention", "Alice presses 👎 where there was no answer", why.response)


async def test_what_cannot_be_asked(world: World, screens: Screens) -> None:
    for name, options in (
        ("empty-question", {"question": "   "}),
        ("too-long", {"question": "why " * 200}),
        ("bad-date", {"question": LED, "since": "last *week*"}),
        ("dates-that-exclude-all", {"question": LED, "since": "2024", "until": "2023"}),
    ):
        told = await world.alice.slash(world.channel, "ask", **options)
        typed = " ".join(f"{key}:{value.strip()[:30]}" for key, value in options.items())
        screens.compare(f"refused-{name}", f"Alice: /ask {typed}", told.response)
    await world.alice.send(world.channel, world.server.me.mention)
    screens.compare("hint-for-a-bare-mention", "Alice: @Pullquote", world.channel.last_message)


async def test_where_it_answers(world: World, screens: Screens) -> None:
    lobby = world.server.create_text_channel("lobby")
    await world.moderator.slash(world.channel, "config channel", channel=world.channel, answers=True)
    await world.alice.send(lobby, f"{world.server.me.mention} {LED}")
    screens.compare("hint-use-ask", f"Alice, in another channel: @Pullquote {LED}", lobby.last_message)
    await world.moderator.slash(world.channel, "config elsewhere", private=False)
    told = await world.alice.slash(lobby, "ask", question=LED)
    screens.compare("refused-elsewhere", f"Alice, in another channel: /ask question:{LED}", told.response)
    await world.moderator.slash(world.channel, "config block", user=world.alice)
    told = await world.ask(LED)
    screens.compare("refused-blocked", f"Alice, who is blocked: /ask question:{LED}", told.response)


class TestDirectMessages:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return replace(ROOMY, direct_messages=True)

    async def test_direct_messages_that_are_off(self, world: World, screens: Screens) -> None:
        zoe = world.env.create_user("zoe")
        # Discord goes on offering a command for a while after it has been told otherwise.
        world.env.bot.config = replace(
            world.env.bot.config, discord=replace(world.env.bot.config.discord, direct_messages=False)
        )
        told = await zoe.slash("ask", question=LED)
        screens.compare(
            "refused-direct-message", f"Zoe, by direct message: /ask question:{LED}", told.response
        )


class TestCooldown:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return DiscordConfig(user_per_minute=1, server_per_minute=1)

    async def test_cooldowns(self, world: World, screens: Screens) -> None:
        await world.ask(UNKNOWN)
        told = await world.ask(UNKNOWN)
        screens.compare("refused-cooldown", "Alice asks once more than she may in a minute", told.response)
        told = await world.moderator.slash(world.channel, "ask", question=UNKNOWN)
        screens.compare("refused-cooldown-of-the-server", "All together have asked too much", told.response)


class TestQueue:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return replace(ROOMY, workers=1, waiting=4)

    async def test_the_queue(self, world: World, screens: Screens) -> None:
        desk = world.env.bot.desk
        async with AsyncExitStack() as others:
            for _ in range(4):
                await others.enter_async_context(desk.queued(1))
            await world.ask(UNKNOWN)
            screens.compare("queue-notice", "Until Alice’s question is answered:", sent(world, "⏳"))
            await others.enter_async_context(desk.queued(1))
            told = await world.ask(UNKNOWN)
            screens.compare("refused-queue-full", "Alice asks when the queue is full", told.response)
        await desk.close(0)
        told = await world.ask(UNKNOWN)
        screens.compare("refused-restart", "Alice asks just before the bot restarts", told.response)


async def test_a_mistake_of_ours(world: World, screens: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    answer = await world.ask(LED)
    monkeypatch.setattr(Engine, "answer", broken)
    screens.compare(
        "bug", f"Alice: /ask question:{LED}, and the engine raises", (await world.ask(LED)).response
    )
    monkeypatch.setattr(PullquoteBot, "kept", broken)
    pressed = await press(world.alice, answer.response, "▶")
    screens.compare("bug-of-a-button", "Alice presses ▶, and the bot raises", pressed.response)
    assert {str(each.__cause__ or each) for each in world.env.errors} <= {"a bug"}


async def test_lists(world: World, screens: Screens) -> None:
    alice, channel = world.alice, world.channel
    for name, command, options in (
        ("articles-recent", "articles recent", {"count": 6}),
        ("articles-recent-of-a-publisher", "articles recent", {"publisher": "Meridian Wire"}),
        ("articles-search", "articles search", {"words": "fentanyl talks in Beijing"}),
        ("articles-show-unknown", "articles show", {"article": "no such thing"}),
        ("sources", "sources", {}),
        ("stats", "stats", {}),
    ):
        typed = " ".join([f"/{command}", *(f"{key}:{value}" for key, value in options.items())])
        screens.compare(name, f"Alice: {typed}", last(await alice.slash(channel, command, **options)))
    choices = await alice.autocomplete(channel, "articles show", "article", "an")
    publishers = await alice.autocomplete(channel, "ask", "publisher", "e", question=LED)
    offered = "\n".join(each["name"] for each in choices)
    screens.compare("articles-show-choices", "Alice types “/articles show article:an”", f"{offered}\n")
    offered = "\n".join(each["name"] for each in publishers)
    screens.compare("ask-publisher-choices", "Alice types “/ask publisher:e”", f"{offered}\n")
    typed = "American and Chinese"
    (chosen,) = await alice.autocomplete(channel, "articles show", "article", typed)
    shown = await alice.slash(channel, "articles show", article=chosen["value"])
    screens.compare("articles-show", f"Alice: /articles show article:{typed}…", last(shown))


async def test_configuring(world: World, screens: Screens) -> None:
    moderator, channel = world.moderator, world.channel

    async def config(command: str, /, **options: Any) -> Any:
        return last(await moderator.slash(channel, f"config {command}", **options))

    screens.compare("config-default", "The moderator: /config show", await config("show"))
    inbox = world.server.create_text_channel("feedback")
    editors = world.server.create_role("Editors")
    await config("channel", channel=channel, answers=True)
    await config("elsewhere", private=False)
    await config("filters", since="2024-01", until="2024", publisher="Meridian *Wire*")
    await config("confidence", minimum=0.7)
    await config("feedback", channel=inbox)
    await config("manager", role=editors)
    await config("collection", name="local")
    await config("block", user=world.alice, channel=inbox)
    screens.compare("config-all", "The moderator has set everything: /config show", await config("show"))
    stats = await moderator.slash(channel, "stats")
    screens.compare("stats-of-a-collection", "The moderator: /stats", last(stats))
    for name, command, options in (
        ("collection-name", "collection", {"name": "Local News"}),
        ("nobody-to-block", "block", {}),
        ("filters-that-exclude-all", "filters", {"since": "2025", "until": "2024"}),
    ):
        typed = " ".join([f"/config {command}", *(f"{key}:{value}" for key, value in options.items())])
        screens.compare(f"refused-{name}", f"The moderator: {typed}", await config(command, **options))
    await given(world, "config")
    told = await world.alice.slash(channel, "config show")
    screens.compare("refused-not-a-manager", "Alice: /config show", told.response)


@ingests
async def test_ingesting(world: World, screens: Screens) -> None:
    async def ingest(**options: Any) -> Any:
        return last(await world.moderator.slash(world.channel, "ingest", **options))

    result = await ingest(file=("harbour.txt", HARBOUR))
    begun = sent(world, "downloading")
    screens.compare("ingest", "The moderator: /ingest file:harbour.txt", begun, result)
    lines = b'{"text": "The harbour closed."}\n{"text": \n{"title": "No text"}\n'
    for name, file in (
        ("empty", ("empty.txt", b"")),
        ("partly", ("some.jsonl", lines)),
        ("binary", ("binary.txt", b"\0\1\2" * 100)),
        ("other-format", ("picture.png", b"\x89PNG")),
    ):
        result = await ingest(file=file)
        screens.compare(f"ingest-{name}", f"The moderator: /ingest file:{file[0]}", result)
    for name, options in (
        ("neither", {}),
        ("no-address", {"url": "file:///etc/passwd"}),
        ("private-address", {"url": "http://127.0.0.1/secret"}),
    ):
        typed = " ".join(["/ingest", *(f"{key}:{value}" for key, value in options.items())])
        screens.compare(f"ingest-{name}", f"The moderator: {typed}", await ingest(**options))


class TestIngestingMore:
    @pytest.fixture
    def discord_config(self) -> DiscordConfig:
        return replace(ROOMY, upload_megabytes=1)

    @ingests
    async def test_what_is_too_large_or_comes_at_a_bad_time(
        self, world: World, screens: Screens, bot_data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "_LOCKED_PAUSES", (0.0,))  # or the bot tries for 17 seconds
        big = await world.moderator.slash(world.channel, "ingest", file=("big.txt", b"words " * 200_000))
        screens.compare("ingest-too-large", "The moderator: /ingest file:big.txt", last(big))
        with Writer(bot_data):
            busy = await world.moderator.slash(world.channel, "ingest", file=("harbour.txt", HARBOUR))
            waiting = sent(world, "waiting for another")
            screens.compare(
                "ingest-while-locked", "The moderator: /ingest file:harbour.txt", waiting, last(busy)
            )
            asked = await self._removal(world)
            told = await world.moderator.click(asked, label="Remove")
            screens.compare("remove-while-locked", "The moderator: Remove, while another writes", last(told))

    async def _removal(self, world: World) -> Any:
        choices = await world.moderator.autocomplete(
            world.channel, "remove", "article", "american and chinese"
        )
        return last(await world.moderator.slash(world.channel, "remove", article=choices[0]["value"]))

    async def test_removing(self, world: World, screens: Screens) -> None:
        question = await self._removal(world)
        screens.compare("remove", "The moderator: /remove article:American and Chinese…", question)
        kept = await world.moderator.click(question, label="Keep")
        screens.compare("remove-kept", "The moderator presses Keep", kept.response)
        first, second = await self._removal(world), await self._removal(world)
        removed = await world.moderator.click(first, label="Remove")
        screens.compare("remove-done", "The moderator presses Remove", removed.response)
        gone = await world.moderator.click(second, label="Remove")
        screens.compare("remove-done-already", "Another moderator presses Remove as well", gone.response)
        told = await world.moderator.slash(world.channel, "remove", article="no such thing")
        screens.compare("remove-unknown", "The moderator: /remove article:no such thing", last(told))


def test_no_screen_is_left_that_nobody_sees_any_more() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    prefixes = ("no-answer-", "refused-", "ingest-")
    for path in FOLDER.iterdir():
        names = {path.stem, *(path.stem.removeprefix(each) for each in prefixes)}
        assert any(f'"{name}"' in source for name in names), f"{path.name} is of no screen"
