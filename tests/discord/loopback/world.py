"""What the loopback serves: people, servers, channels and messages, and how Discord writes them as JSON."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

JSON = dict[str, Any]
T = TypeVar("T")

TEXT, DIRECT, THREAD = 0, 1, 11  # kinds of channel
EPHEMERAL, LOADING = 1 << 6, 1 << 7  # flags of a message

MANAGE_SERVER = 1 << 5
# React, see, send, embed, attach, read back, use commands, open threads and write in them.
ORDINARY = sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 31, 35, 38))

_DISCORDS_EPOCH = 1_420_070_400_000  # ms
_PATIENCE = 10.0  # seconds: a lost answer fails its test, it does not hang it


class Pulse:
    """Wakes whoever waits for something to have come about, whenever anything has happened."""

    def __init__(self) -> None:
        self.patience = _PATIENCE
        self._next = asyncio.Event()

    def beat(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, condition: Callable[[], T]) -> T:
        """The first true value of ``condition``, or ``TimeoutError`` after ``patience`` seconds."""
        async with asyncio.timeout(self.patience):
            while not (value := condition()):
                await self._next.wait()
        return value

    async def settle(self) -> None:
        """Let what was sent arrive: on one loop and one machine, some turns of the loop see to that."""
        for _ in range(50):
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody, who is a member of every guild; a ``manager`` may manage each of them."""

    id: int
    name: str
    bot: bool = False
    manager: bool = False

    @property
    def permissions(self) -> int:
        return ORDINARY | (MANAGE_SERVER if self.manager else 0)

    def to_json(self) -> JSON:
        names = {"username": self.name, "global_name": self.name, "discriminator": "0", "avatar": None}
        return {"id": str(self.id), **names, "bot": self.bot, "flags": 0, "public_flags": 0}


@dataclass(frozen=True, slots=True)
class Guild:
    """What people call a server."""

    id: int
    name: str

    def member(self, user: User) -> JSON:
        # The managers' role is numbered next to everyone's, whose id is the guild's by Discord's rule.
        roles = [str(self.id + 1)] if user.manager else []
        return {
            "user": user.to_json(),
            "roles": roles,
            "joined_at": _now(),
            "flags": 0,
            "deaf": False,
            "mute": False,
        }

    def _role(self, id: int, name: str, permissions: int) -> JSON:
        looks = {"color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
        return {
            "id": str(id),
            "name": name,
            "permissions": str(permissions),
            "position": id - self.id,
            **looks,
        }

    @property
    def roles(self) -> list[JSON]:
        return [
            self._role(self.id, "@everyone", ORDINARY),
            self._role(self.id + 1, "managers", ORDINARY | MANAGE_SERVER),
        ]


@dataclass(frozen=True, slots=True)
class Channel:
    """A text channel, a thread in one (``parent``), or somebody's direct messages (``recipient``)."""

    id: int
    name: str
    guild: Guild | None = None
    kind: int = TEXT
    parent: int | None = None
    owner: int | None = None
    recipient: User | None = None

    def to_json(self) -> JSON:
        common: JSON = {"id": str(self.id), "type": self.kind, "last_message_id": None, "flags": 0}
        if self.guild is None:
            return common | {"recipients": [self.recipient.to_json()] if self.recipient else []}
        parent = None if self.parent is None else str(self.parent)
        common |= {"guild_id": str(self.guild.id), "name": self.name, "parent_id": parent}
        if self.kind != THREAD:
            return common | {"position": 0, "permission_overwrites": [], "topic": None, "nsfw": False}
        metadata = {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": _now(),
            "locked": False,
        }
        counts = {"message_count": 0, "member_count": 1, "total_message_sent": 0}
        return common | {"owner_id": str(self.owner), "thread_metadata": metadata, **counts}


class World:
    """Everybody and everything there is, and every message sent. Outlives the bot's connections."""

    def __init__(self) -> None:
        self._last_id = 0
        self.token = "loopback.token"  # what REST and gateway want of the bot; another one is refused
        self.application_id = self.new_id()
        self.bot = User(self.new_id(), "Pullquote", bot=True)
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.messages: dict[int, JSON] = {}
        self.commands: dict[str, list[JSON]] = {}  # by the guild's id, the global ones by ""
        self.guild, (self.channel,) = self.add_guild("Newsroom", "general")
        self.user = self.add_user("ada")

    def new_id(self) -> int:
        now = int(time.time() * 1000) - _DISCORDS_EPOCH << 22
        # By tens, because a guild's roles take the ids after its own.
        self._last_id = max(self._last_id + 10, now)
        return self._last_id

    def add_user(self, name: str, *, manager: bool = False, bot: bool = False) -> User:
        return self.users.setdefault(id := self.new_id(), User(id, name, bot, manager))

    def add_guild(self, name: str, *channels: str) -> tuple[Guild, tuple[Channel, ...]]:
        """A guild with text channels. The bot hears of one that comes after its start by ``GUILD_CREATE``."""
        guild = self.guilds.setdefault(id := self.new_id(), Guild(id, name))
        return guild, tuple(self._add_channel(Channel(self.new_id(), each, guild)) for each in channels)

    def add_thread(self, message: JSON, name: str, owner: User) -> Channel:
        id, parent = int(message["id"]), self.channels[int(message["channel_id"])]
        return self._add_channel(Channel(id, name, parent.guild, THREAD, parent.id, owner.id))

    def direct(self, user: User) -> Channel:
        """The channel of the direct messages between ``user`` and the bot."""
        known = (each for each in self.channels.values() if each.recipient == user)
        return next(known, None) or self._add_channel(Channel(self.new_id(), "", kind=DIRECT, recipient=user))

    def _add_channel(self, channel: Channel) -> Channel:
        return self.channels.setdefault(channel.id, channel)

    def write(self, channel: Channel, author: User, body: JSON) -> JSON:
        """Add a message, as the body of a request asks for it."""
        content = body.get("content") or ""
        mentioned = [
            self.users[int(id)] for id in re.findall(r"<@!?(\d+)>", content) if int(id) in self.users
        ]
        message: JSON = {
            "id": str(self.new_id()),
            "channel_id": str(channel.id),
            "author": author.to_json(),
            "type": 0,
            "content": content,
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "flags": body.get("flags") or 0,
            "mentions": [each.to_json() for each in mentioned],
            "timestamp": _now(),
            "edited_timestamp": None,
            "attachments": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
        }
        if reference := body.get("message_reference"):
            replied_to = self.messages.get(int(reference["message_id"]))
            message |= {"type": 19, "message_reference": reference, "referenced_message": replied_to}
        self.messages[int(message["id"])] = message
        return message

    def edit(self, message: JSON, body: JSON) -> JSON:
        for key in ("content", "embeds", "components"):
            if key in body:
                message[key] = body[key] or ("" if key == "content" else [])
        asked = body["flags"] or 0 if "flags" in body else message["flags"]
        # Who sees it was settled when it was first sent.
        message["flags"] = (message["flags"] & EPHEMERAL) | (asked & ~(EPHEMERAL | LOADING))
        message["edited_timestamp"] = _now()
        return message

    def event(self, message: JSON) -> JSON:
        """A message as the gateway tells of it: with the guild and the author's membership."""
        guild = self.channels[int(message["channel_id"])].guild
        author = self.users[int(message["author"]["id"])]
        return (
            message
            if guild is None
            else message | {"guild_id": str(guild.id), "member": guild.member(author)}
        )

    def guild_json(self, guild: Guild) -> JSON:
        channels = [each for each in self.channels.values() if each.guild == guild]
        counts = {
            "member_count": len(self.users),
            "premium_tier": 0,
            "features": [],
            "emojis": [],
            "stickers": [],
        }
        levels = {"verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0}
        return {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.id - 1),
            "unavailable": False,
            "roles": guild.roles,
            "members": [guild.member(self.bot)],
            "channels": [each.to_json() for each in channels if each.kind == TEXT],
            "threads": [each.to_json() for each in channels if each.kind == THREAD],
            **counts,
            **levels,
        }


def _now() -> str:
    return datetime.now(UTC).isoformat()
