"""Saying what is good or bad of an answer: 👍, 👎 with a reason, and a comment."""

import logging
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import Button, Modal, Select, TextInput, View

from bot.discord.card import Card
from bot.discord.feedback import Feedback, Reason
from bot.discord.items import CARD, CardItem, find_card
from bot.discord.telling import FAULTS, reported, tell
from bot.discord.text import cut, escaped

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

log = logging.getLogger("pullquote")
_MAX_COMMENT = 1000
_THANKS = "Thank you, noted."


class RatingButton(CardItem, template=rf"pq:rate:{CARD}:(?P<verdict>good|bad)"):
    """👍 or 👎."""

    good: bool

    @classmethod
    def saying(cls, card_id: str, *, good: bool) -> Self:
        """The button of a card."""
        verdict = "good" if good else "bad"
        item = cls(Button(emoji="👍" if good else "👎", custom_id=f"pq:rate:{card_id}:{verdict}", row=1))
        item.card_id, item.good = card_id, good
        return item

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls.saying(match["card"], good=match["verdict"] == "good")

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """Note a good one; of a bad one note it, and ask why."""
        await put(bot, interaction, card, good=self.good)
        if self.good:
            await tell(interaction, _THANKS)
            return
        view = View(timeout=None)
        view.add_item(ReasonSelect.of(card.id, answered=card.reply.answered))
        await interaction.response.send_message(
            f"{_THANKS} What is wrong with it?", view=view, ephemeral=True
        )


class ReasonSelect(CardItem, template=rf"pq:why:{CARD}"):
    """Why an answer is bad."""

    @classmethod
    def of(cls, card_id: str, *, answered: bool = True) -> Self:
        """The choice for a card that is an answer, or says that there is none."""
        item = cls(
            Select(placeholder="Choose a reason", options=_options(answered), custom_id=f"pq:why:{card_id}")
        )
        item.card_id = card_id
        return item

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """Note the reason, and offer to say more."""
        chosen = self.item.values[0] if self.item.values else None
        reason = next((each for each in Reason if each.name == chosen), None)
        await put(bot, interaction, card, good=False, reason=reason)
        view = View(timeout=None)
        view.add_item(CommentButton.of(card.id))
        shown = f"{_THANKS} Reason: {reason}." if reason else _THANKS
        await interaction.response.edit_message(content=shown, view=view)


class CommentButton(CardItem, template=rf"pq:comment:{CARD}"):
    """Opens a form for more words."""

    @classmethod
    def of(cls, card_id: str) -> Self:
        """The button of a card."""
        item = cls(Button(label="Add a comment", custom_id=f"pq:comment:{card_id}"))
        item.card_id = card_id
        return item

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """Open the form."""
        await interaction.response.send_modal(CommentForm(card.id))


class CommentForm(Modal, title="What is wrong with this answer?"):
    """More words on a bad answer."""

    comment: TextInput["CommentForm"] = TextInput(
        label="Your comment",
        style=discord.TextStyle.paragraph,
        max_length=_MAX_COMMENT,
        placeholder="What would be the right answer, and where does it stand?",
    )

    def __init__(self, card_id: str) -> None:
        super().__init__(timeout=900)
        self._card_id = card_id

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Note it."""
        async with reported(interaction):
            card = await find_card(interaction, self._card_id)
            await put(interaction.client, interaction, card, good=False, comment=self.comment.value)
            await tell(interaction, _THANKS)

    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """A mistake of ours: to the log, with all the others."""
        interaction.client.metrics.discord_errors.labels(kind="bug").inc()
        log.error("a form failed", exc_info=error)


async def put(
    bot: "PullquoteBot",
    interaction: discord.Interaction[Any],
    card: Card,
    *,
    good: bool,
    reason: Reason | None = None,
    comment: str = "",
) -> None:
    """Note one user's verdict; what is said later adds to a bad one, and replaces one of the other kind."""
    before = await bot.kept(bot.ledger.feedback_of, card.id, interaction.user.id)
    if before is not None and before.good == good:
        reason, comment = reason or before.reason, comment or before.comment
    now = datetime.now(UTC).isoformat(timespec="seconds")
    feedback = Feedback(card.id, interaction.user.id, good, reason, comment.strip()[:_MAX_COMMENT], now)
    await bot.kept(bot.ledger.put_feedback, feedback)
    if before is None or before.good != good:
        bot.metrics.feedback.labels(verdict="good" if good else "bad").inc()
    log.info("rated %s card=%s", "good" if good else f"bad ({reason or 'no reason yet'})", card.id)
    if comment or (good and before is None) or (reason and (before is None or before.reason != reason)):
        await _report(bot, card, feedback)


async def _report(bot: "PullquoteBot", card: Card, feedback: Feedback) -> None:
    """Tell the server's feedback channel, if it has one that can be written to."""
    channel_id = (await bot.settings(card.server_id)).feedback_channel
    if channel_id is None:
        return
    verdict = "👍" if feedback.good else f"👎 {feedback.reason or ''}".rstrip()
    text = f"{verdict} · {escaped(cut(card.reply.question, 300))}"
    if card.reply.text:
        text += f"\n→ {escaped(cut(card.reply.text, 300))}"
    if feedback.comment:
        text += f"\n💬 {escaped(cut(feedback.comment, 400))}"
    if card.message_id is not None:
        place = f"https://discord.com/channels/{card.server_id}/{card.channel_id}/{card.message_id}"
        text += f"\n<{place}>"
    try:
        await bot.get_partial_messageable(channel_id).send(text, suppress_embeds=True)
    except FAULTS as error:
        log.warning("feedback could not be reported in channel %d: %s", channel_id, error)


def _options(answered: bool) -> list[discord.SelectOption]:
    kinds = [each for each in Reason if (each is Reason.SHOULD_HAVE_ANSWERED) != answered]
    if not answered:
        kinds.append(Reason.WRONG_ARTICLE)
    return [discord.SelectOption(label=str(each).capitalize(), value=each.name) for each in kinds]


RATING: tuple[type[CardItem], ...] = (RatingButton, ReasonSelect, CommentButton)
