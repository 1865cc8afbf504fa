"""Faults that a test scripts for REST: what the next requests meet instead of an answer, or before it."""

import asyncio
import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web


def reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer in JSON."""
    # Not web.json_response: discord.py reads no JSON where a charset is named, and Discord names none.
    body = json.dumps(value).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


@dataclass
class _Failure:
    method: str
    path: re.Pattern[str]
    status: int
    left: int
    retry_after: float
    everywhere: bool

    def response(self) -> web.Response:
        if self.status == 429:
            body = {
                "message": "You are being rate limited.",
                "retry_after": self.retry_after,
                "global": self.everywhere,
            }
            return reply(body, status=429, headers=self._limits())
        if self.status >= 500:
            # Discord's own errors come as JSON, but those of its proxies, the most of them, do not.
            return web.Response(
                text=f"<html><h1>{self.status}</h1></html>", status=self.status, content_type="text/html"
            )
        return reply({"message": f"{self.status}: scripted", "code": 0}, status=self.status)

    def _limits(self) -> dict[str, str]:
        headers = {
            "Retry-After": str(math.ceil(self.retry_after)),
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": f"{time.time() + self.retry_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.retry_after:.3f}",
            "X-RateLimit-Bucket": "loopback",
            "X-RateLimit-Scope": "global" if self.everywhere else "user",
            # Without it discord.py takes a 429 for a ban by Cloudflare, and gives up.
            "Via": "1.1 google",
        }
        return headers | {"X-RateLimit-Global": "true"} if self.everywhere else headers


class Faults:
    """The script. Paths are regular expressions, searched in the path without the API's prefix."""

    def __init__(self) -> None:
        self._failures: list[_Failure] = []
        self._delays: list[tuple[re.Pattern[str], float]] = []

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        times: int = 1,
        *,
        retry_after: float = 0.05,
        global_: bool = False,
    ) -> None:
        """Refuse the next ``times`` such requests, unheard, with ``status``; 429s say ``retry_after`` (s)."""
        self._failures.append(_Failure(method, re.compile(path), status, times, retry_after, global_))

    def delay(self, path: str, seconds: float) -> None:
        """Let every such request wait on the way, before anything has come of it."""
        self._delays.append((re.compile(path), seconds))

    @property
    def unmet(self) -> int:
        """How many scripted failures no request has met yet."""
        return sum(each.left for each in self._failures)

    async def meet(self, method: str, path: str) -> web.Response | None:
        """What a request gets instead of its answer, None where it is let through."""
        for pattern, seconds in self._delays:
            if pattern.search(path):
                await asyncio.sleep(seconds)
        for each in self._failures:
            if each.left and each.method == method and each.path.search(path):
                each.left -= 1
                return each.response()
        return None
