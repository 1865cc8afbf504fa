"""Many people asking at the same time on the loopback Discord, and what became of each question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.discord.loopback import Server
from tests.discord.loopback.people import Interaction
from tests.discord.loopback.world import JSON, Channel, User

SERVERS, CHANNELS, USERS = 5, 10, 50
# Every so many-th question is a mention, the others are commands.
MENTION = 7


@dataclass(frozen=True, slots=True)
class Crowd:
    """Fifty people in five servers with ten channels."""

    server: Server
    channels: Sequence[Channel]
    users: Sequence[User]

    @classmethod
    def of(cls, server: Server) -> "Crowd":
        """Let them join; to be done before the bot starts, so that it knows their servers."""
        channels = [
            channel
            for number in range(SERVERS)
            for channel in server.world.add_guild(f"server {number}", "news", "talk")[1]
        ]
        return cls(server, channels, [server.world.add_user(f"user {number}") for number in range(USERS)])

    async def ask(self, questions: Sequence[str]) -> "Round":
        """All ask at once; gives what was asked when every one has been answered."""
        commands: list[tuple[str, Interaction]] = []
        mentions: list[tuple[str, JSON]] = []
        me = self.server.world.bot.id
        for number, question in enumerate(questions):
            user = self.users[number % len(self.users)]
            # Not in step with the users, so that each of them asks in several channels.
            channel = self.channels[number * 7 % len(self.channels)]
            if number % MENTION:
                sent = await self.server.interaction("ask", {"question": question}, user, channel)
                commands.append((question, sent))
            else:
                mentions.append((question, await self.server.message(f"<@{me}> {question}", user, channel)))
        round_ = Round(self.server, commands, mentions)
        await round_.answered()
        return round_


@dataclass(frozen=True, slots=True)
class Round:
    """What was asked at once: by command and by mention, in order."""

    server: Server
    commands: Sequence[tuple[str, Interaction]]
    mentions: Sequence[tuple[str, JSON]]

    async def answered(self) -> None:
        """Wait until every question has a card."""
        await asyncio.gather(*(_card(sent) for _, sent in self.commands))
        for _, message in self.mentions:
            await self._until(message)

    async def _until(self, message: JSON) -> None:
        while not any(each["embeds"] for each in self.replies(message)):
            await asyncio.sleep(0.01)

    def replies(self, message: JSON) -> list[JSON]:
        """The messages that reply to one."""
        return [
            each
            for each in self.server.world.messages.values()
            if str((each.get("message_reference") or {}).get("message_id")) == message["id"]
        ]

    @property
    def slowest_acknowledgement(self) -> float:
        """Seconds from the dispatch of a command to its acknowledgement, at worst."""
        return max(sent.acknowledged_after or float("inf") for _, sent in self.commands)

    def cards(self) -> list[tuple[str, list[Any]]]:
        """Each question with the cards that it got, which should be one."""
        found = []
        for question, sent in self.commands:
            assert sent.original is not None
            messages = [sent.original, *sent.followups]
            found.append((question, [embed for each in messages for embed in each["embeds"]]))
        for question, message in self.mentions:
            found.append((question, [embed for each in self.replies(message) for embed in each["embeds"]]))
        return found


async def _card(sent: Interaction) -> JSON:
    while True:
        message = await sent.answer()
        if message["embeds"]:
            return message
        await asyncio.sleep(0.01)
