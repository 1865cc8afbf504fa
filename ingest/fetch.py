"""One document from a web address, by whatever hostile server it is given.

What may be read ``ingest/gate.py`` says; redirects are followed by hand, each through the same checks. Size
and time are bounded, also of what is unpacked.

A proxy named in the environment is not used: it would resolve the host anew, and the check be worth nothing.
Nor are a ``.netrc`` and its passwords. Cookies last for the redirects of one fetch.
"""

import asyncio
import os
import ssl
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import TypeAlias

import aiohttp
from yarl import URL

from index.errors import SourceError
from ingest.gate import MAX_URL, Gate, Refused

MAX_BYTES = 10_000_000
TIMEOUT = 20.0
MAX_REDIRECTS = 5

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GZIP = frozenset(("gzip", "x-gzip"))
_GZIP_HEADER = 31  # zlib's word for: a gzip header, and any window


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered.

    ``url`` is the final one, after redirects, without a fragment; ``content_type`` the
    media type in lower case, "application/octet-stream" where none is stated;
    ``charset`` as the server names it, or empty; ``body`` is unpacked.
    """

    url: str
    content_type: str
    charset: str
    body: bytes


Fetch: TypeAlias = Callable[[str], Fetched]


def fetch(
    url: str,
    *,
    max_bytes: int = MAX_BYTES,
    timeout: float = TIMEOUT,
    allow_private: Collection[str] = (),
) -> Fetched:
    """What is at an http or https address on the public net, at port 80 or 443.

    ``max_bytes`` bounds the body as it is sent and as it is unpacked, ``timeout`` is in
    seconds and for everything together. The hosts in ``allow_private``, as they are
    written in the address, may be at any address and any port: for tests, whose servers are.

    Runs an event loop of its own: not to be called from a coroutine, but in a thread.

    Raises:
        SourceError: it was not fetched; the text says why. A name or password in the
            address does not appear in it.
    """
    download = _Download(max_bytes, Gate(frozenset(allow_private)))
    try:
        return asyncio.run(download.run(url, timeout))
    except TimeoutError:
        problem = f"took longer than {timeout:g} seconds"
    except Refused as error:
        problem = str(error)
    except aiohttp.ClientError as error:
        problem = _problem(error)
    if download.redirected:
        problem = f"leads to {_without_user(download.at)}, which {problem}"
    raise SourceError(_shown(url), problem)


class _Download:
    """One fetch; ``at`` is where redirects have led it, if it was ``redirected``."""

    def __init__(self, max_bytes: int, gate: Gate) -> None:
        self.at = ""
        self.redirected = False
        self._max_bytes = max_bytes
        self._gate = gate

    async def run(self, address: str, timeout: float) -> Fetched:
        url = self._gate.check(address)
        connector = aiohttp.TCPConnector(
            resolver=self._gate,
            use_dns_cache=False,
            socket_factory=self._gate.socket,
            ssl=ssl.create_default_context(),
            force_close=True,
        )
        headers = {
            "User-Agent": f"pullquote/{version('pullquote')}",
            "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown, */*;q=0.5",
            "Accept-Encoding": "gzip",
        }
        # The deadline is ours alone, for a byte now and then would satisfy any other.
        async with (
            asyncio.timeout(timeout),
            aiohttp.ClientSession(
                connector=connector,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                trust_env=False,
            ) as session,
        ):
            for _ in range(MAX_REDIRECTS + 1):
                async with session.get(url, allow_redirects=False) as response:
                    if response.status not in _REDIRECTS:
                        return await self._read(response)
                    url = self._next(url, response)
        raise Refused(f"comes after {MAX_REDIRECTS} redirects and redirects again")

    def _next(self, url: URL, response: aiohttp.ClientResponse) -> URL:
        location = response.headers.get("Location", "")
        try:
            target = str(url.join(URL(location))) if location else ""
        except ValueError:
            target = ""
        if not target:
            raise Refused("redirects to no valid address")
        self.at, self.redirected = target, True
        return self._gate.check(target)

    async def _read(self, response: aiohttp.ClientResponse) -> Fetched:
        if response.status != HTTPStatus.OK:
            raise Refused(f"answers {_status(response.status)}")
        if (response.content_length or 0) > self._max_bytes:
            raise self._too_large()
        packed = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packed not in _GZIP and packed not in ("", "identity"):
            raise Refused("is packed in a way that was not asked for")
        body = await self._unzipped(response) if packed in _GZIP else await self._plain(response)
        return Fetched(
            str(response.url), response.content_type.lower(), (response.charset or "").lower(), body
        )

    async def _plain(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._max_bytes:
                raise self._too_large()
        return bytes(body)

    async def _unzipped(self, response: aiohttp.ClientResponse) -> bytes:
        inflate = zlib.decompressobj(_GZIP_HEADER)
        body = bytearray()
        sent = 0
        async for chunk in response.content.iter_any():
            sent += len(chunk)
            try:
                # A byte more than may be, so that too much is seen and never unpacked.
                body += inflate.decompress(chunk, self._max_bytes - len(body) + 1)
            except zlib.error:
                raise Refused("is damaged: what it calls gzip data is not") from None
            if max(sent, len(body)) > self._max_bytes:
                raise self._too_large()
        if not inflate.eof:
            raise Refused("broke off before its end")
        return bytes(body)

    def _too_large(self) -> Refused:
        return Refused(f"is larger than {self._max_bytes / 1_000_000:g} MB")


def _problem(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.InvalidURL):
        return "is no valid address"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
        return f"has a certificate that cannot be trusted: {reason}"
    if isinstance(error, aiohttp.ClientSSLError):
        return "cannot be reached over TLS"
    if isinstance(error, aiohttp.ClientConnectorError):
        code = error.os_error.errno
        return f"cannot be reached: {os.strerror(code) if code else 'no connection could be made'}"
    if isinstance(
        error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError | aiohttp.ClientOSError
    ):
        return "broke off before its end"
    return "does not answer as a web server does"


def _status(status: int) -> str:
    # Not in the server's words, for they are shown to people.
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _shown(url: str) -> str:
    """The address as messages name it: on one line, not too long, without a name or password."""
    text = "".join(each if each.isprintable() else "�" for each in _without_user(url))
    return text if len(text) <= MAX_URL else f"{text[:100]}…"


def _without_user(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    end = min((at for each in "/?#" if (at := rest.find(each)) >= 0), default=len(rest))
    return f"{scheme}{mark}{rest[:end].rpartition('@')[2]}{rest[end:]}"
