"""Five hundred hostile strings through the whole bot: no exception, no ping, no broken card, no forgery."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.discord.bot import PullquoteBot
from bot.discord.jobs import Ingests, Outcome
from bot.discord.metrics import Metrics
from index.config import Config, EmbeddingConfig, ReaderConfig
from index.encoder import Encoder, HashEncoder
from index.engine import Loaded
from index.store import Store
from index.types import ModelStamp
from tests.conftest import ingest
from tests.discord.conftest import ROOMY, World
from tests.discord.hostile import hostile_strings
from tests.discord.payloads import check_payloads
from tests.discord.test_buttons import press

HOSTILE = hostile_strings()
SITE = "https://news.example/"
# As long as Discord lets somebody write.
MAX_OPTION, MAX_MESSAGE, MAX_COMMENT = 6000, 1900, 1000


class Hashing(Loaded):
    """Models that cost nothing: these tests are about what is shown, not about what is found."""

    def encoder(self, config: Config, made_by: ModelStamp) -> Encoder:
        return HashEncoder()


@pytest.fixture(scope="module")
def hostile_articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with an article for each string, which is its title, author, publisher and body."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = [
        json.dumps(
            {
                "title": text,
                "authors": [text, text],
                "publisher": text,
                "url": f"{SITE}{number}/{text if number % 2 else ''}",
                "published": f"2024-01-{1 + number % 28:02}",
                "text": f"Witness {name(number)} saw {text} again.\n\n{text}\n\nThe end.",
            }
        )
        for number, text in enumerate(HOSTILE)
    ]
    (folder / "hostile.jsonl").write_text("\n".join(lines), encoding="utf-8")
    summary = ingest(folder / "data", folder / "hostile.jsonl")
    assert summary.added == len(HOSTILE)
    return folder / "data"


@pytest.fixture
def bot_data(hostile_articles: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "bot-data"
    shutil.copytree(hostile_articles, folder)
    return folder


@pytest.fixture
def make_bot(bot_data: Path) -> Callable[[], PullquoteBot]:
    def make() -> PullquoteBot:
        config = Config(
            data_dir=bot_data,
            embedding=EmbeddingConfig(HashEncoder().stamp.name),
            reader=ReaderConfig("none"),
            discord=ROOMY,
        )
        return PullquoteBot(config, Metrics(), loaded=Hashing())

    return make


@pytest.fixture
def checked(world: World) -> Iterator[World]:
    """A world in which, at the end, all that the bot sent is looked at."""
    # SimCord looks every 50 ms whether the bot is done, which is most of what these tests would take.
    world.env._settle_internal = partial(world.env._settle_internal, idle=0.002)
    yield world
    assert check_payloads(world.env.http_requests, links=SITE) >= len(HOSTILE)
    for channel in world.server.channels.values():
        for each in ours(world, channel):
            assert not each.mentions
            assert not each.role_mentions
            assert not each.mention_everyone


def ours(world: World, channel: Any) -> list[discord.Message]:
    """What the bot wrote, without Discord's own words that a thread has been opened, which ping nobody."""
    mine = [each for each in channel.history() if each.author.id == world.env.bot.user.id]
    return [each for each in mine if each.type is not discord.MessageType.thread_created]


def name(number: int) -> str:
    """A word that is in one article only."""
    return f"w{number}q"


def told(result: Any) -> Any:
    message = (result.followups or [result.response])[-1]
    assert message.content or message.embeds
    return message


async def test_as_a_question_by_the_command(checked: World) -> None:
    inbox = checked.server.create_text_channel("feedback")
    await checked.moderator.slash(checked.channel, "config feedback", channel=inbox)
    for number, text in enumerate(HOSTILE):
        answer = told(await checked.ask(text[:MAX_OPTION]))
        if answer.embeds and number % 4 == 0:  # a sample of each kind, which come in runs
            await press(checked.alice, answer, "👍")
            told(await press(checked.alice, answer, "Open thread"))
    assert len(ours(checked, inbox)) == len(checked.channel.threads) > len(HOSTILE) / 8


async def test_as_a_question_in_a_message(checked: World) -> None:
    for number, text in enumerate(HOSTILE):
        if number % 10 == 0:  # SimCord reads all of a channel to find its last message
            channel = checked.server.create_text_channel(f"news-{number}")
        message = await checked.alice.send(channel, f"{checked.server.me.mention} {text[:MAX_MESSAGE]}")
        reply = channel.last_message
        assert reply.author.id == checked.env.bot.user.id, text
        assert reply.content or reply.embeds
        if not reply.embeds:  # a hint, which goes away after a while
            await checked.env.advance_time(30)
        if number % 4 == 0:
            told(await checked.alice.context_menu(channel, "Ask about this", message))


async def test_as_an_article_that_answers(checked: World) -> None:
    await checked.moderator.slash(checked.channel, "config confidence", minimum=0.0)
    cited = 0
    for number in range(len(HOSTILE)):
        answer = told(await checked.ask(f"what did witness {name(number)} see?"))
        cited += name(number) in (answer.embeds[0].description or "")
        if number % 2 == 0:
            assert told(await press(checked.alice, answer, "Show context")).embeds
    assert cited > 0.9 * len(HOSTILE)


async def test_as_an_article_that_is_listed_and_shown(checked: World, bot_data: Path) -> None:
    with Store(bot_data) as store:
        articles = list(store.articles())
    alice, moderator, channel = checked.alice, checked.moderator, checked.channel
    for article, text in zip(articles, HOSTILE, strict=True):
        assert told(await alice.slash(channel, "articles show", article=article.id)).embeds
        assert told(await alice.slash(channel, "articles recent", publisher=article.publisher)).embeds
        if text:
            assert told(await alice.slash(channel, "articles search", words=text[:300])).embeds
        question = told(await moderator.slash(channel, "remove", article=article.id))
        told(await moderator.click(question, label="Keep"))
        await alice.autocomplete(channel, "articles show", "article", text[:100])
    for letter in ("", *"abehmx@<[*"):
        await alice.autocomplete(channel, "ask", "publisher", letter, question="who?")
    assert told(await alice.slash(channel, "sources")).embeds


async def test_as_the_name_of_a_file(checked: World, monkeypatch: pytest.MonkeyPatch, bot_data: Path) -> None:
    async def run(_: Ingests, data_dir: Path, source: str, folder: Path, on_progress: Any) -> Outcome:
        """As `pullquote ingest` reports, without a process for each."""
        assert (folder / source).parent == bot_data / "uploads" / str(checked.server.id)
        assert (folder / source).is_file()
        await on_progress(f"ingesting: {filename}")
        return Outcome(2, (), (f"error: {filename}: is empty",))

    monkeypatch.setattr(Ingests, "run", run)
    for text in HOSTILE:
        for filename in (text or "x", f"{text[:200]}.txt"):
            told(await checked.moderator.slash(checked.channel, "ingest", file=(filename, b"")))


async def test_as_a_comment_and_as_a_setting(checked: World) -> None:
    inbox = checked.server.create_text_channel("feedback")
    await checked.moderator.slash(checked.channel, "config feedback", channel=inbox)
    answer = told(await checked.ask("who saw it?"))
    why = await press(checked.alice, answer, "👎")
    chosen = await checked.alice.select(why.response, ["WRONG_ARTICLE"])
    reports = len(ours(checked, inbox))
    for text in HOSTILE:
        form = await checked.alice.click(chosen.response, label="Add a comment")
        (field,) = (row["components"][0] for row in form.modal["components"])
        told(await checked.alice.submit_modal(form, {field["custom_id"]: text[:MAX_COMMENT] or "x"}))
        shown = await checked.moderator.slash(checked.channel, "config filters", publisher=text[:MAX_OPTION])
        assert told(shown).embeds
    assert len(ours(checked, inbox)) > reports
