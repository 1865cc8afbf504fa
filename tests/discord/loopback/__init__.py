"""A small Discord on the loopback interface, for the faults on the wire that SimCord cannot make.

discord.py talks to it unmodified, over real sockets; only its base URLs are changed.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord.loopback.server import Server

__all__ = ["Server", "running", "serving"]

_PATIENCE = 5.0  # seconds for what the bot was doing when it was closed
_DISCORDS_TASKS = ("discord.py: ", "CommandTree-invoker", "discord-ui-")


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """A server to which every client of this process goes; it fails for a wish that it did not know."""
    server = Server()
    await server.start()
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api, yarl.URL(server.gateway.url)
    try:
        yield server
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
        await server.close()
    assert not server.unknown_routes


@asynccontextmanager
async def running(client: discord.Client, server: Server) -> AsyncIterator[asyncio.Task[None]]:
    """Run ``client`` until it is ready, and close it at the end.

    Gives the task that runs it, for tests in which it is to die. An error before it is ready
    is raised here, and so is ``AssertionError`` for tasks that outlive it.
    """
    # A client's option; set from here, so that the bot need not hand it through for us.
    client._connection.guild_ready_timeout = 0.05
    async with client:
        started = asyncio.create_task(client.start(server.world.token))
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait({started, ready}, return_when=asyncio.FIRST_COMPLETED)
            if started.done():
                started.result()
            yield started
        finally:
            ready.cancel()
            await client.close()
            await asyncio.gather(started, ready, return_exceptions=True)
            await _nothing_is_left()


async def _nothing_is_left() -> None:
    tasks = {each for each in asyncio.all_tasks() if each.get_name().startswith(_DISCORDS_TASKS)}
    left = (await asyncio.wait(tasks, timeout=_PATIENCE))[1] if tasks else set()
    assert not left, f"still running after the bot was closed: {left}"
    # Told to stop, but perhaps not awake yet; their last heartbeat needs this loop.
    for thread in threading.enumerate():
        if thread.name.startswith("keep-alive-handler"):
            await asyncio.to_thread(thread.join)
