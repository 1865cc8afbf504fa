"""Our own bot on the loopback Discord: a wire that can be cut, and ``pullquote discord`` as a process.

As a program, ``python -m tests.discord.loopback_bot API GATEWAY ARGUMENT...`` is ``pullquote`` with these
addresses in the place of Discord's.
"""

import asyncio
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.conftest import ROOT
from tests.discord.loopback import Server
from tests.discord.loopback.faults import Faults
from tests.discord.loopback.world import JSON, Channel, Pulse

_PATIENCE = 60.0  # seconds for a process to start, on a busy machine


@dataclass(frozen=True, slots=True)
class _Cut:
    method: str
    path: re.Pattern[str]
    heard: bool


class _NoticedFaults(Faults):
    """Wakes whoever waits for a request when it has come, not only when it has been answered."""

    def __init__(self, pulse: Pulse) -> None:
        super().__init__()
        self._pulse = pulse

    async def meet(self, method: str, path: str) -> web.Response | None:
        self._pulse.beat()
        return await super().meet(method, path)


class FrailServer(Server):
    """A loopback Discord whose wire can be cut under a request; it sends nothing twice with one nonce."""

    def __init__(self) -> None:
        super().__init__()
        self.faults = _NoticedFaults(self.pulse)
        self._cuts: list[_Cut] = []
        self._sent: dict[str, web.Response] = {}

    def cut(self, method: str, path: str, *, heard: bool) -> None:
        """Cut the connection under the next such request: before it is heard, or before it is answered."""
        self._cuts.append(_Cut(method, re.compile(path), heard))

    @property
    def uncut(self) -> int:
        """How many such requests have not come yet."""
        return len(self._cuts)

    @web.middleware
    async def _each(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        fitting = (
            each for each in self._cuts if each.method == request.method and each.path.search(request.path)
        )
        cut = next(fitting, None)
        if cut is None:
            return await super()._each(request, handler)
        self._cuts.remove(cut)
        response = await super()._each(request, handler) if cut.heard else web.Response()
        assert request.transport is not None
        request.transport.abort()
        return response

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.json()
        nonce = body["nonce"] if body.get("enforce_nonce") else None
        if nonce in self._sent:
            return _again(self._sent[nonce])
        response = await super()._post(request)
        if nonce is not None:
            self._sent[nonce] = response
        return response

    def cards(self, channel: Channel | None = None) -> list[JSON]:
        """The answers that the bot has shown, in the order of their messages; all, or those in a channel."""
        return [
            each
            for each in self.world.messages.values()
            if each["embeds"] and (channel is None or each["channel_id"] == str(channel.id))
        ]

    async def shown(self, count: int) -> list[JSON]:
        """All answers, once there are so many."""
        await self.pulse.until(lambda: len(self.cards()) >= count)
        return self.cards()


def _again(response: web.Response) -> web.Response:
    return web.Response(body=response.body, status=response.status, content_type=response.content_type)


class Listener(logging.Handler):
    """Wakes whoever waits for something, whenever something is logged."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def emit(self, record: logging.LogRecord) -> None:
        self._server.pulse.beat()


class Process:
    """``pullquote`` in a process of its own, with ``server`` as its Discord."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._log = b""

    @classmethod
    async def start(cls, server: Server, data: Path, *arguments: str) -> "Process":
        environment = {**os.environ, "DISCORD_TOKEN": server.world.token, "NO_COLOR": "1"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.discord.loopback_bot", server.api, server.gateway.url,
            "--data-dir", str(data), *arguments,
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return cls(process)

    async def logged(self, words: str) -> None:
        """Wait for a line with these words in the log."""
        assert self._process.stderr is not None
        async with asyncio.timeout(_PATIENCE):
            while words.encode() not in (line := await self._process.stderr.readline()):
                self._log += line
                assert line, f"it has ended: {self._log.decode()}"
            self._log += line

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    async def ended(self, within: float = _PATIENCE) -> tuple[int, str, str]:
        """Its status, what it printed, and its whole log; it is killed after so many seconds."""
        try:
            async with asyncio.timeout(within):
                out, log = await self._process.communicate()
        finally:
            self.kill()
        assert self._process.returncode is not None
        return self._process.returncode, out.decode(), (self._log + log).decode()

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


def titles(cards: list[JSON]) -> list[str]:
    """The short answers on cards."""
    return [embed["title"] for card in cards for embed in card["embeds"]]


def _main() -> None:
    from bot.cli import main

    api, gateway, *arguments = sys.argv[1:]
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    main(arguments)


if __name__ == "__main__":
    _main()
