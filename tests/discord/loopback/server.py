"""Discord's REST interface, as far as the bot uses it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.discord.loopback.faults import Faults, reply
from tests.discord.loopback.gateway import Gateway
from tests.discord.loopback.people import Interaction, People
from tests.discord.loopback.world import EPHEMERAL, JSON, LOADING, Channel, Pulse, World

API = "/api/v10"
# Kinds of callback.
SAY, DEFER, DEFER_UPDATE, UPDATE = 4, 5, 6, 7


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; ``path`` without the API's prefix, ``at`` in seconds of the monotonic clock."""

    method: str
    path: str
    body: Any
    at: float


class Refusal(Exception):
    """An error by Discord's rules: its HTTP status, its own code, its words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Server:
    """A Discord on this machine's loopback interface.

    A test turns its knobs at any time: ``ack_window`` and ``token_life`` (seconds from an
    interaction's dispatch), ``faults``, ``gateway``, and ``world.token`` to revoke the bot's.
    """

    def __init__(self) -> None:
        self.ack_window = 3.0
        self.token_life = 15 * 60.0
        self.world = World()
        self.pulse = Pulse()
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.pulse)
        self.requests: list[Request] = []
        self._people = people = People(self.world, self.gateway, self.pulse)
        self.message, self.interaction = people.message, people.interaction
        self.context_menu, self.use, self.submit = people.context_menu, people.use, people.submit
        self.unknown_routes = self.gateway.unknown  # whatever the bot wanted that is not written here
        self.api = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application(middlewares=[self._each])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        # With the usual backlog of 128, a burst of new connections waits a second for TCP to try again.
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=2048).start()
        host, port = self._runner.addresses[0][:2]
        self.api = f"http://{host}:{port}{API}"
        self.gateway.url = f"ws://{host}:{port}/gateway"

    async def close(self) -> None:
        self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def asked(self, method: str, path: str) -> list[Request]:
        """The requests to a path that ends so, in order."""
        return [each for each in self.requests if each.method == method and each.path.endswith(path)]

    def _routes(self) -> list[web.RouteDef]:
        me, commands = f"{API}/users/@me", f"{API}/applications/{{application}}"
        messages, webhook = (
            f"{API}/channels/{{channel}}/messages",
            f"{API}/webhooks/{{application}}/{{token}}",
        )
        routes = [
            web.get("/gateway", self.gateway.handle),
            web.get(f"{API}/gateway", self._where),
            web.get(f"{API}/gateway/bot", self._where),
            web.get(me, self._me),
            web.post(f"{me}/channels", self._direct),
            web.get(f"{API}/oauth2/applications/@me", self._application),
            web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._callback),
            web.post(webhook, self._followup),
            web.post(messages, self._post),
            web.post(f"{API}/channels/{{channel}}/typing", self._nothing),
            web.post(f"{messages}/{{message}}/threads", self._thread),
            web.put(f"{messages}/{{message}}/reactions/{{emoji}}/@me", self._nothing),
        ]
        for path in (f"{commands}/commands", f"{commands}/guilds/{{guild}}/commands"):
            routes += [
                web.get(path, self._commands),
                web.put(path, self._commands),
                web.post(path, self._commands),
            ]
        for path in (f"{messages}/{{message}}", f"{webhook}/messages/{{message}}"):
            routes += [web.get(path, self._get), web.patch(path, self._patch), web.delete(path, self._delete)]
        return [*routes, web.route("*", "/{rest:.*}", self._unknown)]

    @web.middleware
    async def _each(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path == "/gateway":
            return await handler(request)
        path = request.path.removeprefix(API)
        multipart = request.content_type.startswith("multipart/")
        body = None if multipart or not request.can_read_body else await request.json()
        self.requests.append(Request(request.method, path, body, time.monotonic()))
        try:
            if (failure := await self.faults.meet(request.method, path)) is not None:
                return failure
            by_token = path.startswith(("/interactions/", "/webhooks/"))
            if not by_token and request.headers.get("Authorization") != f"Bot {self.world.token}":
                raise Refusal(401, 0, "401: Unauthorized")
            # Nobody uploads yet; who does shall learn of it here.
            return await (self._unknown if multipart else handler)(request)
        except Refusal as refusal:
            return reply({"message": str(refusal), "code": refusal.code}, status=refusal.status)
        finally:
            self.pulse.beat()

    async def _unknown(self, request: web.Request) -> web.Response:
        self.unknown_routes.append(f"{request.method} {request.path} {request.content_type}")
        raise Refusal(404, 0, "404: Not Found")

    async def _nothing(self, request: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _where(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return reply({"url": self.gateway.url, "shards": 1, "session_start_limit": limit})

    async def _me(self, request: web.Request) -> web.Response:
        return reply(self.world.bot.to_json())

    async def _application(self, request: web.Request) -> web.Response:
        bot = self.world.bot
        about = {"description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False}
        whose = {"owner": self.world.user.to_json(), "team": None, "verify_key": "0" * 64, "flags": 0}
        return reply({"id": str(self.world.application_id), "name": bot.name, **about, **whose})

    async def _commands(self, request: web.Request) -> web.Response:
        guild = request.match_info.get("guild", "")
        known = self.world.commands.setdefault(guild, [])
        if request.method == "GET":
            return reply(known)
        body = await request.json()
        facts: JSON = {"application_id": str(self.world.application_id), "version": "1"}
        facts |= {"guild_id": guild} if guild else {}
        sent = body if request.method == "PUT" else [body]
        added = [{"description": ""} | each | facts | {"id": str(self.world.new_id())} for each in sent]
        names = {each["name"] for each in added}
        kept = [] if request.method == "PUT" else [each for each in known if each["name"] not in names]
        self.world.commands[guild] = kept + added
        return reply(added if request.method == "PUT" else added[0])

    async def _direct(self, request: web.Request) -> web.Response:
        user = self.world.users[int((await request.json())["recipient_id"])]
        return reply(self.world.direct(user).to_json())

    async def _callback(self, request: web.Request) -> web.Response:
        interaction = self._people.interactions.get(request.match_info["token"])
        if interaction is None or str(interaction.id) != request.match_info["id"]:
            raise Refusal(404, 10062, "Unknown interaction")
        if interaction.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if interaction.age > self.ack_window:
            raise Refusal(404, 10062, "Unknown interaction")
        callback = await request.json()
        data, kind = callback.get("data") or {}, callback["type"]
        interaction.callback = callback
        interaction.acknowledged_after = interaction.age
        if kind in (SAY, DEFER):
            flags = (data.get("flags") or 0) | (LOADING if kind == DEFER else 0)
            interaction.original = await self._say(interaction, data | {"flags": flags})
        elif kind in (DEFER_UPDATE, UPDATE):
            interaction.original = interaction.source
            if kind == UPDATE and interaction.source is not None:
                await self._edit(interaction.source, data)
        flags = interaction.original["flags"] if interaction.original else 0
        about: JSON = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "response_message_loading": kind == DEFER,
        }
        about |= {"response_message_ephemeral": bool(flags & EPHEMERAL)}
        resource = (
            {"resource": {"type": kind, "message": interaction.original}} if kind in (SAY, UPDATE) else {}
        )
        return reply({"interaction": about} | resource)

    async def _followup(self, request: web.Request) -> web.Response:
        interaction, body = self._acknowledged(request), await request.json()
        # By Discord's rule the first follow-up of a deferred response takes its place.
        if interaction.original is not None and interaction.original["flags"] & LOADING:
            return reply(await self._edit(interaction.original, body))
        interaction.followups.append(message := await self._say(interaction, body))
        return reply(message)

    async def _post(self, request: web.Request) -> web.Response:
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refusal(404, 10003, "Unknown Channel")
        message = self.world.write(channel, self.world.bot, await request.json())
        await self.gateway.dispatch("MESSAGE_CREATE", self.world.event(message))
        return reply(message)

    async def _thread(self, request: web.Request) -> web.Response:
        message = self._found(request)
        if int(message["id"]) in self.world.channels:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        name = (await request.json())["name"]
        thread = self.world.add_thread(message, name, self.world.bot).to_json()
        await self.gateway.dispatch("THREAD_CREATE", thread | {"newly_created": True})
        return reply(thread, status=201)

    async def _get(self, request: web.Request) -> web.Response:
        return reply(self._found(request))

    async def _patch(self, request: web.Request) -> web.Response:
        return reply(await self._edit(self._found(request), await request.json()))

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._found(request)
        del self.world.messages[int(message["id"])]
        gone = {key: message[key] for key in ("id", "channel_id")}
        guild = self._channel(message).guild
        await self.gateway.dispatch("MESSAGE_DELETE", gone | ({"guild_id": str(guild.id)} if guild else {}))
        return web.Response(status=204)

    def _found(self, request: web.Request) -> JSON:
        id = request.match_info["message"]
        if "token" in request.match_info:
            interaction = self._acknowledged(request)
            if id == "@original":
                id = interaction.original["id"] if interaction.original else "0"
        message = self.world.messages.get(int(id))
        if (
            message is None
            or request.match_info.get("channel", message["channel_id"]) != message["channel_id"]
        ):
            raise Refusal(404, 10008, "Unknown Message")
        return message

    def _acknowledged(self, request: web.Request) -> Interaction:
        interaction = self._people.interactions.get(request.match_info["token"])
        if interaction is None or interaction.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if interaction.age > self.token_life:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return interaction

    def _channel(self, message: JSON) -> Channel:
        return self.world.channels[int(message["channel_id"])]

    async def _say(self, interaction: Interaction, body: JSON) -> JSON:
        message = self.world.write(interaction.channel, self.world.bot, body)
        who = {"id": str(interaction.id), "type": interaction.kind, "user": interaction.user.to_json()}
        application = str(self.world.application_id)
        message |= {"application_id": application, "webhook_id": application}
        message["interaction_metadata"] = who | {"authorizing_integration_owners": {}}
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_CREATE", self.world.event(message))
        return message

    async def _edit(self, message: JSON, body: JSON) -> JSON:
        self.world.edit(message, body)
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_UPDATE", self.world.event(message))
        return message
