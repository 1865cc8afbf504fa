"""Two hundred questions at once: everybody is answered, once, in order, and nothing is left behind."""

import asyncio
import gc
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord.bot import PullquoteBot
from bot.discord.card import Card, Reply
from bot.discord.metrics import Metrics
from index.answer import Question
from index.config import Config, DiscordConfig, ReaderConfig
from index.engine import Engine, Loaded
from index.types import Answer, Article
from tests.discord.load import Crowd
from tests.discord.loopback import Server, running, serving

QUESTIONS = (
    "who led the US delegation?",
    "when was cooperation suspended?",
    "who won the chess olympiad?",
    "what did the court decide?",
    "why did the ferry sink?",
    "how many people were hurt?",
    "what is fentanyl?",
    "where was the glass museum opened?",
)
ASKED = [QUESTIONS[number % len(QUESTIONS)] for number in range(200)]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


def config(data: Path) -> Config:
    roomy = DiscordConfig(user_per_minute=0, server_per_minute=0)
    return replace(Config(data_dir=data), reader=ReaderConfig("none"), discord=roomy)


async def test_everybody_is_answered_once_and_in_order(
    server: Server, bot_data: Path, loaded: Loaded
) -> None:
    crowd = Crowd.of(server)
    bot = PullquoteBot(config(bot_data), Metrics(), loaded=loaded)
    async with running(bot, server):
        round_ = await asyncio.wait_for(crowd.ask(ASKED), 120)
        cards = round_.cards()
    assert all(sent.acknowledged_after is not None for _, sent in round_.commands)
    assert len(cards) == 200
    assert {len(found) for _, found in cards} == {1}
    with Engine(config(bot_data)) as engine:
        expected = {text: engine.answer(Question(text)).text for text in QUESTIONS}
    for question, (card,) in cards:
        assert card["title"] == (expected[question] or "The articles do not say")
    assert [sent.id for _, sent in round_.commands] == sorted(sent.id for _, sent in round_.commands)
    assert answered_in_order(server, round_.commands)


def answered_in_order(server: Server, commands: object) -> bool:
    """Whether in each channel the answers' edits came in the order of the questions."""
    orders: defaultdict[int, list[int]] = defaultdict(list)
    by_token = {sent.token: sent for _, sent in commands}  # type: ignore[attr-defined]
    for request in server.asked("PATCH", "/messages/@original"):
        if request.body.get("embeds"):
            sent = by_token[request.path.split("/")[-3]]
            orders[sent.channel.id].append(sent.id)
    assert len(orders) == 10
    return all(order == sorted(order) for order in orders.values())


async def test_nothing_is_left_behind(server: Server, bot_data: Path, loaded: Loaded) -> None:
    crowd = Crowd.of(server)
    bot = PullquoteBot(config(bot_data), Metrics(), loaded=loaded)
    kinds = (
        Answer,
        Article,
        Card,
        Reply,
        discord.Interaction,
        discord.Message,
        discord.ui.View,
        asyncio.Task,
    )

    def held() -> Counter[str]:
        gc.collect()
        return Counter(type(each).__name__ for each in gc.get_objects() if issubclass(type(each), kinds))

    async with running(bot, server):
        await asyncio.wait_for(crowd.ask(ASKED[:50]), 120)
        first = held()
        await asyncio.wait_for(crowd.ask(ASKED), 120)
        more = held() - first
    # Four times as many questions would have left hundreds of each.
    assert sum(more.values()) < 20, more
