"""What people do on this Discord: write, send commands, press buttons, and see what comes of it."""

import copy
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.discord.loopback.gateway import Gateway
from tests.discord.loopback.world import JSON, LOADING, ORDINARY, Channel, Pulse, User, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5  # kinds of interaction
_OPTION_TYPES = {str: 3, int: 4, bool: 5, float: 10}


@dataclass(eq=False)
class Interaction:
    """Something that a user did with the bot, and what has come of it. Seconds count from the dispatch."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    pulse: Pulse = field(repr=False)
    source: JSON | None = None
    dispatched: float = field(default_factory=time.monotonic)
    callback: JSON | None = None
    acknowledged_after: float | None = None
    original: JSON | None = None
    followups: list[JSON] = field(default_factory=list)

    @property
    def age(self) -> float:
        return time.monotonic() - self.dispatched

    async def acknowledged(self) -> JSON:
        """The callback that was accepted: its ``type``, and ``data`` (a message, a modal or choices)."""
        callback = await self.pulse.until(lambda: self.callback)
        assert callback is not None
        return callback

    async def answer(self) -> JSON:
        """The original response once it says something, which a deferred one does not."""
        message = await self.pulse.until(self._said)
        assert message is not None
        return message

    def _said(self) -> JSON | None:
        return self.original if self.original and not self.original["flags"] & LOADING else None


class People:
    """Everybody. Where no user or channel is said, it is the world's first."""

    def __init__(self, world: World, gateway: Gateway, pulse: Pulse) -> None:
        self.interactions: dict[str, Interaction] = {}  # by token
        self._world = world
        self._gateway = gateway
        self._pulse = pulse

    async def message(
        self,
        content: str,
        user: User | None = None,
        channel: Channel | None = None,
        reply_to: JSON | None = None,
    ) -> JSON:
        """Somebody writes a message, which is returned."""
        await self._pulse.settle()
        body: JSON = {"content": content}
        if reply_to is not None:
            body["message_reference"] = {"message_id": reply_to["id"], "channel_id": reply_to["channel_id"]}
        message = self._world.write(channel or self._world.channel, user or self._world.user, body)
        await self._gateway.dispatch("MESSAGE_CREATE", self._world.event(message))
        return message

    async def interaction(
        self,
        name: str,
        options: Mapping[str, object],
        user: User | None = None,
        channel: Channel | None = None,
        focused: str | None = None,
    ) -> Interaction:
        """Somebody sends a slash command ("articles search"), or is still typing its ``focused`` option."""
        root, *path = name.split()
        data: JSON = {"type": 1, "options": _options_json(path, options, focused)}
        kind = COMMAND if focused is None else AUTOCOMPLETE
        return await self._interact(kind, self._command(root, data, channel), user, channel)

    async def context_menu(
        self, name: str, message: JSON, user: User | None = None, channel: Channel | None = None
    ) -> Interaction:
        """Somebody picks an entry of a message's context menu."""
        target = {"target_id": message["id"], "resolved": {"messages": {message["id"]: message}}}
        return await self._interact(
            COMMAND, self._command(name, {"type": 3} | target, channel), user, channel
        )

    async def use(self, message: JSON, custom_id: str, *values: str, user: User | None = None) -> Interaction:
        """Somebody presses a button or selects ``values``. ``KeyError`` where the message has none such."""
        kinds = {each.get("custom_id"): each["type"] for each in _walk(message["components"])}
        data: JSON = {"custom_id": custom_id, "component_type": kinds[custom_id]}
        data |= {"values": list(values)} if values else {}
        return await self._interact(
            COMPONENT, data, user, self._world.channels[int(message["channel_id"])], message
        )

    async def submit(self, shown: Interaction, texts: Mapping[str, str]) -> Interaction:
        """Whom an interaction showed a modal fills in its text fields, by their ids, and sends it."""
        modal = (await shown.acknowledged())["data"]
        filled: JSON = {key: copy.deepcopy(modal[key]) for key in ("custom_id", "components")}
        for each in _walk(filled["components"]):
            if each["type"] == 4:
                each["value"] = texts.get(each["custom_id"], each.get("value") or "")
        return await self._interact(MODAL, filled, shown.user, shown.channel, shown.source)

    def _command(self, name: str, data: JSON, channel: Channel | None) -> JSON:
        guild = (channel or self._world.channel).guild
        registered = {
            each["name"]: each for each in self._world.commands.get(str(guild.id) if guild else "", [])
        }
        where = {"guild_id": registered[name]["guild_id"]} if name in registered and guild else {}
        return {"id": str(self._world.new_id()), "name": name} | data | where

    async def _interact(
        self, kind: int, data: JSON, user: User | None, channel: Channel | None, source: JSON | None = None
    ) -> Interaction:
        # Nobody acts on what they see before the bot has heard that it was sent; it knows no modal before.
        await self._pulse.settle()
        id, token = self._world.new_id(), secrets.token_hex(16)
        who, where = user or self._world.user, channel or self._world.channel
        interaction = Interaction(id, token, kind, who, where, self._pulse, source)
        self.interactions[token] = interaction
        await self._gateway.dispatch("INTERACTION_CREATE", _interaction_json(self._world, interaction, data))
        return interaction


def _interaction_json(world: World, interaction: Interaction, data: JSON) -> JSON:
    channel, user = interaction.channel, interaction.user
    payload: JSON = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": data,
        "channel_id": str(channel.id),
        "channel": channel.to_json(),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {},
        "attachment_size_limit": 10 << 20,
        "app_permissions": str(ORDINARY),
        "context": 1 if channel.guild is None else 0,
    }
    if interaction.source is not None:
        payload["message"] = interaction.source
    if channel.guild is None:
        return payload | {"user": user.to_json()}
    member = channel.guild.member(user) | {"permissions": str(user.permissions)}
    return payload | {"guild_id": str(channel.guild.id), "guild_locale": "en-US", "member": member}


def _walk(components: list[JSON]) -> Iterator[JSON]:
    """Every component, those inside rows, sections, containers and labels included."""
    for each in components:
        yield each
        inner = [each[key] for key in ("component", "accessory") if key in each]
        yield from _walk(each.get("components", []) + inner)


def _options_json(path: list[str], options: Mapping[str, object], focused: str | None = None) -> list[JSON]:
    """A command's options, below the subcommands on the ``path``. ``KeyError`` at a type not written yet."""
    written: list[JSON] = [
        {"name": name, "type": _OPTION_TYPES[type(value)], "value": value}
        | ({"focused": True} if name == focused else {})
        for name, value in options.items()
    ]
    for depth, name in enumerate(reversed(path)):
        written = [{"name": name, "type": 2 if depth else 1, "options": written}]
    return written
