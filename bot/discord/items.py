"""What the buttons and menus under a card have in common."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import DynamicItem

from bot.discord.card import Card
from bot.discord.errors import Refusal
from bot.discord.telling import reported

if TYPE_CHECKING:
    from bot.discord.bot import PullquoteBot

# How a card's id stands in a template.
CARD = r"(?P<card>[2-9a-z]{10})"


class CardItem(DynamicItem[Any], template=r"pq:none"):
    """What every item under a card does: find the card again, and report what goes wrong."""

    card_id: str

    @classmethod
    def of(cls, card_id: str) -> Self:
        """The item of a card, where nothing but the card tells it from others of its kind."""
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The item that was used, made again from its id."""
        return cls.of(match["card"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Someone pressed it."""
        async with reported(interaction):
            await self.pressed(interaction.client, interaction, await find_card(interaction, self.card_id))

    async def pressed(self, bot: "PullquoteBot", interaction: discord.Interaction[Any], card: Card) -> None:
        """What it does."""
        raise NotImplementedError


async def find_card(interaction: discord.Interaction[Any], card_id: str) -> Card:
    """The card of an item that was pressed.

    Raises:
        Refusal: it is not known any more, or is not this server's.
    """
    bot: PullquoteBot = interaction.client
    card = await bot.kept(bot.ledger.card, card_id)
    if card is None or card.server_id != interaction.guild_id:
        raise Refusal("this answer is so old that I no longer know it: ask again")
    return card
