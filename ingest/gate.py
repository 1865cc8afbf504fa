"""Which web addresses are read: what anybody could read, and nothing behind the door of whoever runs this.

The host is resolved here, once. Every address that it has must be public, and connections go to addresses
that were checked and to no others, so that a name cannot point elsewhere a moment later.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import Any, TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

MAX_URL = 2000
_PORTS = frozenset((80, 443))
_PRIVATE = "is at a private address, which is not read"

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Public by its number, but from inside Azure it is the service that configures the machine.
_PLATFORM = ipaddress.IPv4Address("168.63.129.16")

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Info: TypeAlias = tuple[int, int, int, str, tuple[Any, ...]]


class Refused(Exception):
    """What is wrong, as the user is told it. No OSError, which aiohttp would take for a fault of the net."""


def is_public(address: _Address) -> bool:
    """Whether an address is one of the public net's, as is any IPv4 address that travels inside it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and address != _PLATFORM
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.sixtofour is not None and not is_public(address.sixtofour):
        return False
    return address in _GLOBAL_UNICAST and address.is_global


class Gate(AbstractResolver):
    """What one fetch resolves names with, opens its sockets with and checks each address against.

    The hosts in ``allow_private``, as they are written in the address, may be at any address
    and any port.
    """

    def __init__(self, allow_private: Collection[str]) -> None:
        self._allow_private = allow_private
        self._checked: set[_Address] = set()

    def check(self, text: str) -> URL:
        """The address without its fragment, if it is one to be read; what a name leads to is checked later.

        Raises:
            Refused: it is not; the text says why.
        """
        if len(text) > MAX_URL:
            raise Refused(f"is longer than {MAX_URL:,} characters")
        try:
            url = URL(text)
            port, host = url.port, url.host
        except ValueError:
            raise Refused("is no valid address") from None
        if url.scheme not in ("http", "https"):
            raise Refused("is no http or https address")
        if not host or not text.isprintable():
            raise Refused("is no valid address")
        if url.user is not None or url.password is not None:
            raise Refused("holds a user name or a password; only what everybody may see is read")
        if port not in _PORTS and host not in self._allow_private:
            raise Refused(f"is at port {port}; only ports 80 and 443 are read")
        # Else it is a name.
        with suppress(ValueError):
            self._admit(host, [ipaddress.ip_address(host)])
        return url.with_fragment(None)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The host's addresses, all of them public.

        Raises:
            Refused: one is not, or there is none.
        """
        infos = await _looked_up(host, port, family)
        self._admit(host, [ipaddress.ip_address(info[4][0]) for info in infos])
        numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(
                hostname=host, host=sockaddr[0], port=port, family=family, proto=proto, flags=numeric
            )
            for family, _, proto, _, sockaddr in infos
        ]

    def socket(self, info: _Info) -> socket.socket:
        """A socket for a connection to a checked address: whoever resolved what, it ends here.

        Raises:
            Refused: it is another address.
        """
        family, type_, proto, _, address = info
        try:
            known = ipaddress.ip_address(address[0]) in self._checked
        except ValueError:  # a name, which would be resolved once more
            known = False
        if not known:
            raise Refused(_PRIVATE)
        return socket.socket(family, type_, proto)

    def _admit(self, host: str, addresses: list[_Address]) -> None:
        if host not in self._allow_private and not all(map(is_public, addresses)):
            raise Refused(_PRIVATE)
        self._checked.update(addresses)

    async def close(self) -> None:
        """Nothing is held open."""


async def _looked_up(host: str, port: int, family: socket.AddressFamily) -> list[_Info]:
    """As ``getaddrinfo``, in a thread that is left behind when time is up, for it cannot be called off."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[_Info]] = loop.create_future()

    def give(infos: list[_Info]) -> None:
        if not found.done():
            found.set_result(infos)

    def look_up() -> None:
        try:
            infos: list[_Info] = [*socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)]
        except (OSError, UnicodeError):
            infos = []
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(give, infos)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    infos = await found
    if not infos:
        raise Refused("cannot be found: there is no such host, or no answer from the name server")
    return infos
