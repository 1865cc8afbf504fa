"""The buttons under an answer. Their ids hold the card's, so they go on working after a restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import Button, View

from bot.discord.card import Card, Source
from bot.discord.cards import answer_card, context_card
from bot.discord.errors import Refusal
from bot.discord.items import CARD, CardItem
from bot.discord.rating import RatingButton
from bot.discord.text import cut, one_line
from index.engine import Engine
from index.types import Article

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

_PAGE = r"(?P<page>\d{1,2})"
_MAX_THREAD_NAME = 100


def card_view(card: Card, page: int = 0) -> View:
    """The buttons of a card that shows its source number ``page``, from 0."""
    view = View(timeout=None)
    sources = len(card.reply.sources)
    if card.reply.answered and sources > 1:
        view.add_item(PageButton.to(card.id, page - 1, "◀", disabled=page == 0))
        view.add_item(PageButton.to(card.id, page + 1, "▶", disabled=page == sources - 1))
    if sources:
        view.add_item(ContextButton.on(card.id, page))
    if card.server_id is not None:
        view.add_item(ThreadButton.of(card.id))
    view.add_item(RatingButton.saying(card.id, good=True))
    view.add_item(RatingButton.saying(card.id, good=False))
    return view


class PageButton(CardItem, template=rf"pq:page:{CARD}:{_PAGE}:(?P<label>[◀▶])"):
    """Shows another source of the same answer."""

    @classmethod
    def to(cls, card_id: str, page: int, label: str, *, disabled: bool = False) -> Self:
        """A button to the source number ``page``."""
        item = cls(
            Button(
                emoji=label, disabled=disabled, custom_id=f"pq:page:{card_id}:{max(0, page)}:{label}", row=0
            )
        )
        item.card_id, item.page = card_id, page
        return item

    page: int

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls.to(match["card"], int(match["page"]), match["label"])

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """Turn the asker's card; give others one of their own, so that nobody's view is turned by another."""
        page = min(self.page, len(card.reply.sources) - 1)
        _, changed = await bot.desk.look(Held(card.reply.sources[page]), card.collection)
        embed = answer_card(card.reply, page, card_id=card.id, changed=changed)
        own = interaction.message is not None and interaction.message.flags.ephemeral
        if own or interaction.user.id == card.user_id:
            await interaction.response.edit_message(embed=embed, view=card_view(card, page))
        else:
            await interaction.response.send_message(embed=embed, view=card_view(card, page), ephemeral=True)


class ContextButton(CardItem, template=rf"pq:context:{CARD}:{_PAGE}"):
    """Shows the paragraph around the quote to the one who presses it."""

    page: int

    @classmethod
    def on(cls, card_id: str, page: int) -> Self:
        """The button of a card that shows the source number ``page``."""
        item = cls(Button(label="Show context", custom_id=f"pq:context:{card_id}:{page}", row=0))
        item.card_id, item.page = card_id, page
        return item

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls.on(match["card"], int(match["page"]))

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """Show it, from the text as it was then."""
        source = card.reply.sources[min(self.page, len(card.reply.sources) - 1)]
        text, changed = await bot.desk.look(Held(source), card.collection)
        if text is None:
            raise Refusal("this article is no longer among the articles, and what it said then is gone too")
        embed = context_card(source, text, changed=changed)
        await interaction.response.send_message(embed=embed, ephemeral=True)


class ThreadButton(CardItem, template=rf"pq:thread:{CARD}"):
    """Opens a thread from the answer, in which every message is a follow-up."""

    @classmethod
    def of(cls, card_id: str) -> Self:
        """The button of a card."""
        item = cls(Button(label="Open thread", emoji="🧵", custom_id=f"pq:thread:{card_id}", row=0))
        item.card_id = card_id
        return item

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """Open it, or say where it is or why it cannot be."""
        message, channel = interaction.message, interaction.channel
        if message is None or message.flags.ephemeral:
            raise Refusal("only you see this answer, so there can be no thread from it: reply with /ask")
        if isinstance(channel, discord.Thread):
            raise Refusal("this is a thread already: just go on asking")
        if not isinstance(channel, discord.TextChannel):
            raise Refusal("there are no threads in this channel: reply to the answer instead")
        if channel.get_thread(message.id) is not None:
            raise Refusal("the thread is open already:", (message.id,))
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            thread = await channel.create_thread(
                name=cut(one_line(card.reply.question), _MAX_THREAD_NAME) or "Answer",
                message=discord.Object(message.id),
            )
        except discord.Forbidden:
            raise Refusal(
                "I may not open threads here: I need the permission “Create Public Threads”"
            ) from None
        await interaction.followup.send(f"Go on asking in {thread.mention}.", ephemeral=True)


class Held:
    """What a source's article said when it was quoted, and whether it says otherwise now.

    Called with an engine it gives (text, changed); the text is None where it is not kept.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def __call__(self, engine: Engine) -> tuple[str | None, bool]:
        """Look it up."""
        article: Article | None = engine.store.article(self._source.article_id)
        if article is not None and article.digest == self._source.digest:
            return article.text, False
        for revision in engine.store.revisions(self._source.article_id):
            if revision.digest == self._source.digest:
                return revision.text, True
        return None, True


BUTTONS: tuple[type[CardItem], ...] = (PageButton, ContextButton, ThreadButton)
