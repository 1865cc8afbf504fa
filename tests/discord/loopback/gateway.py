"""Discord's gateway, version 10: a websocket that greets, identifies, resumes, and may be cut at will."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.discord.loopback.world import JSON, Pulse, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11
REFUSED_TOKEN, DISALLOWED_INTENTS = 4004, 4014  # codes of closing


class _Link:
    """One connection: JSON, as one compressed stream where that was asked for."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request = request
        self.socket = socket
        self._compress = _compressor(request.query.get("compress"))

    async def send(self, op: int, data: object = None, **more: object) -> None:
        text = json.dumps({"op": op, "d": data} | more)
        try:
            if self._compress is None:
                await self.socket.send_str(text)
            else:
                await self.socket.send_bytes(self._compress(text.encode()))
        except ConnectionError:
            pass  # The session's log has the event, and tells it when the client resumes.

    def cut(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass
class _Session:
    """What survives a connection: the numbered events, from which a resume is served."""

    id: str
    events: list[tuple[str, JSON]] = field(default_factory=list)
    link: _Link | None = None


class Gateway:
    """The gateway of one bot without shards."""

    def __init__(self, world: World, pulse: Pulse) -> None:
        self.url = ""
        self.heartbeat_interval = 41.25  # seconds
        self.disallowed_intents = 0  # bits that the application was not granted
        self.received: list[JSON] = []
        self.unknown: list[str] = []
        self.resumed = 0
        self._world = world
        self._pulse = pulse
        self._session: _Session | None = None
        self._links: set[_Link] = set()
        self._storm = 0
        self._greets = asyncio.Event()
        self._greets.set()

    def count(self, op: int) -> int:
        """How many messages with this opcode the client has sent."""
        return sum(each["op"] == op for each in self.received)

    async def dispatch(self, event: str, data: JSON) -> None:
        """Tell the bot of an event: now, or when it resumes a connection that was lost."""
        if self._session is not None:
            # Written down at once: what the world looks like later is no part of this event.
            self._session.events.append((event, json.loads(json.dumps(data))))
            if self._session.link is not None:
                await self._tell(self._session.link, self._session, len(self._session.events))

    async def drop(self, code: int | None = None) -> None:
        """End the connection with a closing ``code``, or (None) by cutting the wire. It can be resumed."""
        link = self._unlink()
        if code is None:
            link.cut()
        else:
            await link.socket.close(code=code)

    @asynccontextmanager
    async def lost(self, code: int | None = None) -> AsyncIterator[None]:
        """An outage: the connection ends as by ``drop``, and nobody is greeted until the end of the block."""
        self._greets.clear()
        try:
            await self.drop(code)
            yield
        finally:
            self._greets.set()

    async def reconnect(self) -> None:
        """Ask the client to connect anew and resume (opcode 7)."""
        await self._unlink().send(RECONNECT)

    async def reconnect_storm(self, times: int) -> None:
        """Ask it ``times`` times on end: again as soon as it has resumed."""
        self._storm = times - 1
        await self.reconnect()

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell the client that its session is invalid (opcode 9), and forget it unless ``resumable``."""
        link = self._unlink()
        if not resumable:
            self._session = None
        await link.send(INVALID, resumable)

    def close(self) -> None:
        for link in tuple(self._links):
            link.cut()

    def _unlink(self) -> _Link:
        assert self._session is not None, "the bot is not connected"
        assert self._session.link is not None, "the bot is not connected"
        link, self._session.link = self._session.link, None
        return link

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection from greeting to end."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        link = _Link(request, socket)
        self._links.add(link)
        await self._greets.wait()
        await link.send(HELLO, {"heartbeat_interval": self.heartbeat_interval * 1000})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._hear(link, json.loads(frame.data))
                self._pulse.beat()
        self._links.discard(link)
        if self._session is not None and self._session.link is link:
            self._session.link = None
            if socket.close_code in (1000, 1001):
                self._session = None  # The client said goodbye, which ends the session by Discord's rule.
        self._pulse.beat()
        return socket

    async def _hear(self, link: _Link, message: JSON) -> None:
        self.received.append(message)
        op, data = message["op"], message["d"]
        if op == HEARTBEAT:
            await link.send(ACK)
        elif op in (IDENTIFY, RESUME) and data["token"] != self._world.token:
            await link.socket.close(code=REFUSED_TOKEN)
        elif op == IDENTIFY and data["intents"] & self.disallowed_intents:
            await link.socket.close(code=DISALLOWED_INTENTS)
        elif op == IDENTIFY:
            await self._identify(link)
        elif op == RESUME and (self._session is None or data["session_id"] != self._session.id):
            await link.send(INVALID, False)
        elif op == RESUME:
            await self._resume(link, data["seq"])
        elif op != PRESENCE:
            self.unknown.append(f"gateway opcode {op}")

    async def _identify(self, link: _Link) -> None:
        world = self._world
        self._session = _Session(f"session-{world.new_id()}", link=link)
        ready: JSON = {
            "v": 10,
            "user": world.bot.to_json(),
            "session_id": self._session.id,
            "resume_gateway_url": self.url,
            "guilds": [{"id": str(id), "unavailable": True} for id in world.guilds],
            "application": {"id": str(world.application_id), "flags": 0},
        }
        await self.dispatch("READY", ready)
        for guild in tuple(world.guilds.values()):
            await self.dispatch("GUILD_CREATE", world.guild_json(guild))

    async def _resume(self, link: _Link, number: int) -> None:
        session = self._session
        assert session is not None
        # Linked only when all is told that was missed, so that nothing new comes before it.
        while number < len(session.events):
            number += 1
            await self._tell(link, session, number)
        session.link = link
        await self.dispatch("RESUMED", {})
        self.resumed += 1
        if self._storm:
            self._storm -= 1
            await self.reconnect()

    async def _tell(self, link: _Link, session: _Session, number: int) -> None:
        event, data = session.events[number - 1]
        await link.send(DISPATCH, data, t=event, s=number)


def _compressor(kind: str | None) -> Callable[[bytes], bytes] | None:
    if kind is None:
        return None
    if kind == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    assert kind == "zstd-stream", f"nobody has written {kind} yet"
    # discord.py asks for zstd only where this package, no dependency of ours, happens to be installed.
    import zstandard

    squeeze = zstandard.ZstdCompressor().compressobj()
    return lambda data: squeeze.compress(data) + squeeze.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
