"""One question from its place in the queue to the card that answers it, wherever it was asked."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import discord

from bot.conversation import Turn, follow_up
from bot.discord.buttons import card_view
from bot.discord.card import Card, Reply, new_id
from bot.discord.cards import answer_card
from bot.discord.errors import Refusal
from bot.discord.logs import question as question_id
from bot.discord.settings import ServerSettings
from bot.discord.telling import FAULTS, in_words, kind_of, told
from bot.shared import clean
from index.answer import Question
from index.errors import PullquoteError
from index.types import Filters

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

log = logging.getLogger("pullquote")
MAX_QUESTION = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked: ``surface`` is where (slash, mention, reply, thread, dm, menu)."""

    text: str
    surface: str
    server_id: int | None
    channel_id: int
    user_id: int
    filters: Filters = field(default_factory=Filters)
    after: Card | None = None


class Sheet(Protocol):
    """Where the answer to one question appears."""

    async def announce(self, before: int) -> None:
        """Show that an answer will come; ``before`` is how many others come first."""

    async def show(self, embed: discord.Embed, view: discord.ui.View) -> discord.Message | None:
        """Show the answer; gives the message, if it can be found again."""

    async def say(self, markdown: str) -> None:
        """Say why there is no answer."""


async def answer(bot: "PullquoteBot", asked: Asked, sheet: Sheet) -> None:
    """Answer on ``sheet``, in the channel's order. What goes wrong is told there and logged."""
    id_ = new_id()
    with question_id(id_):
        bot.metrics.questions.labels(surface=asked.surface).inc()
        try:
            text = checked(asked.text)
            async with (
                bot.desk.queued(asked.channel_id) as before,
                _announced(sheet, before) as announced,
                bot.desk.in_order(asked.channel_id),
            ):
                card = await _answered(bot, id_, replace(asked, text=text))
                await announced
                await _show(bot, card, sheet)
                outcome = "answered" if card.reply.answered else "abstained"
        except PullquoteError as error:
            outcome = "refused" if isinstance(error, Refusal) else "error"
            log.log(logging.INFO if outcome == "refused" else logging.ERROR, "%s: %s", outcome, error)
            await _say(sheet, told(error))
        except FAULTS as error:
            outcome = "error"
            bot.metrics.discord_errors.labels(kind=kind_of(error)).inc()
            problem = in_words(error, asked.channel_id, asked.server_id)
            log.warning("the answer could not be shown: %s", problem)
        except Exception:
            bot.metrics.answers.labels(outcome="error").inc()
            await _say(sheet, f"That went wrong and is a mistake of mine; the log has it as {id_}.")
            raise
        bot.metrics.answers.labels(outcome=outcome).inc()


@asynccontextmanager
async def _announced(sheet: Sheet, before: int) -> AsyncIterator["asyncio.Task[None]"]:
    """Announce the answer meanwhile: a slow announcement costs neither time nor the place in the channel.

    It has been made, or has failed, when the task ends, which the end of the block waits for.
    """

    async def announce() -> None:
        try:
            await sheet.announce(before)
        except FAULTS as error:
            log.info("the answer could not be announced: %s", error)

    task = asyncio.create_task(announce())
    try:
        yield task
    finally:
        await task


async def _answered(bot: "PullquoteBot", id_: str, asked: Asked) -> Card:
    settings = await bot.settings(asked.server_id)
    collection = await bot.collection(asked.server_id)
    question = _question(bot, asked, settings)
    answer, newest = await bot.desk.answer(question, collection)
    took = round(answer.timings.get("total", 0.0))
    log.info("%s in %d ms (%.2f)", "answered" if answer.answered else "abstained", took, answer.confidence)
    card = Card(
        id=id_,
        server_id=asked.server_id,
        channel_id=asked.channel_id,
        user_id=asked.user_id,
        message_id=None,
        asked_at=datetime.now(UTC).isoformat(timespec="seconds"),
        collection=collection,
        reply=Reply.of(asked.text, answer, newest),
    )
    await bot.kept(bot.ledger.add_card, card)
    return card


async def _show(bot: "PullquoteBot", card: Card, sheet: Sheet) -> None:
    message = await sheet.show(answer_card(card.reply, card_id=card.id), card_view(card))
    if message is not None:
        await bot.kept(bot.ledger.set_message, card.id, message.channel.id, message.id)


def checked(text: str) -> str:
    """A question that can be asked.

    Raises:
        Refusal: it is empty or too long.
    """
    text = " ".join(clean(text).split())
    if not text:
        raise Refusal("that is an empty question: ask something such as “who led the talks?”")
    if len(text) > MAX_QUESTION:
        raise Refusal(f"that is {len(text):,} characters long: ask in at most {MAX_QUESTION}")
    return text


def _question(bot: "PullquoteBot", asked: Asked, settings: ServerSettings) -> Question:
    given, least = asked.filters, settings.min_confidence
    if not (given.since or given.until):
        given = replace(given, since=settings.since, until=settings.until)
    question = Question(
        text=asked.text,
        filters=replace(given, publisher=given.publisher or settings.publisher),
        citations=bot.config.answer.citations,
        min_confidence=bot.config.answer.min_confidence if least is None else least,
    )
    return follow_up(question, _turn(asked.after))


def _turn(card: Card | None) -> Turn | None:
    if card is None:
        return None
    reply = card.reply
    cited = dict.fromkeys(source.article_id for source in reply.sources)
    return Turn(reply.understood, reply.text if reply.answered else None, tuple(cited))


async def _say(sheet: Sheet, markdown: str) -> None:
    try:
        await sheet.say(markdown)
    except FAULTS as error:
        log.info("could not be told: %s", error)
