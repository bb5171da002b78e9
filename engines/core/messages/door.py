"""The one door out to the network: an address is looked up once, refused unless it is public, and then used."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from engines.core.kernel.errors import AppError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
PORTS = {80, 443, 8443}
MOST_READ = 64 * 1024
WAIT = 10.0


class Refused(AppError):
    """`reason` is one of: characters, scheme, userinfo, host, port, lookup, address."""

    code = "address_refused"
    words = {
        "zh": "这个地址不能访问（{reason}）：{url}。内网地址要由管理员写进 allow_hosts",
        "en": "This address may not be called ({reason}): {url}. A private one must be in allow_hosts",
    }


class Unreachable(AppError):
    code = "unreachable"
    words = {"zh": "连不上 {host}：{gap}", "en": "{host} cannot be reached: {gap}"}


@dataclass(frozen=True)
class Answer:
    """A redirect is an answer like any other: it is never followed."""

    status: int
    body: str
    location: str = ""

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Target:
    """Where to connect: the very address that was checked."""

    url: str
    scheme: str
    host: str
    address: str
    port: int
    path: str


Resolve = Callable[..., list[Any]]


class Door:
    """`allow`: private `host`, `host:port` or networks that the operator opened."""

    def __init__(self, allow: tuple[str, ...] = (), *, resolve: Resolve = socket.getaddrinfo) -> None:
        self._hosts = {entry.lower() for entry in allow if "/" not in entry}
        self._networks = [ipaddress.ip_network(entry, strict=False) for entry in allow if "/" in entry]
        self._resolve = resolve

    def check(self, url: str) -> Target:
        """The target of a URL; Refused with the reason."""
        parts = _parts(url)
        host = str(parts.hostname)
        port = _port(parts, url)
        named = host in self._hosts or f"{host}:{port}" in self._hosts
        if port not in PORTS and not named:
            raise Refused(url=url, reason="port")
        found = self._addresses(host, port, url)
        if not named and not all(self._public(address) for address in found):
            raise Refused(url=url, reason="address")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(url, parts.scheme, host, found[0], port, path)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send once; Unreachable when there is no answer within 10 s."""
        target = self.check(url)
        connection = _Connection(target)
        try:
            connection.request("POST", target.path, body=body, headers={"User-Agent": "Dougong", **headers})
            response = connection.getresponse()
            text = response.read(MOST_READ).decode(errors="replace")
            return Answer(response.status, text, response.getheader("Location", ""))
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(host=target.host, gap=f"{type(error).__name__} {error}"[:200]) from error
        finally:
            connection.close()

    def _addresses(self, host: str, port: int, url: str) -> list[str]:
        try:
            found = {entry[4][0].split("%")[0] for entry in self._resolve(host, port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError):
            raise Refused(url=url, reason="lookup") from None
        if not found:
            raise Refused(url=url, reason="lookup")
        return sorted(found)

    def _public(self, text: str) -> bool:
        address = ipaddress.ip_address(text)
        return any(address in network for network in self._networks) or public(address)


def public(address: Address) -> bool:
    """Global unicast, also what is wrapped inside an IPv6 address."""
    inner = unwrapped(address)
    if inner is None or not inner.is_global:
        return False
    return not (inner.is_multicast or inner.is_reserved or inner.is_unspecified or inner.is_loopback)


def unwrapped(address: Address) -> Address | None:
    """The IPv4 address inside a mapped, 6to4, Teredo, NAT64 or compatible one; None for local NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in LOCAL_NAT64:
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    low = int(address) >> 32 == 0 and int(address) > 1
    return ipaddress.ip_address(int(address) & 0xFFFFFFFF) if low or address in NAT64 else address


def _parts(url: str) -> SplitResult:
    if any(ord(sign) < 33 or ord(sign) > 126 for sign in url) or "\\" in url:
        raise Refused(url=url[:200], reason="characters")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Refused(url=url[:200], reason="host") from None
    if parts.scheme not in ("https", "http"):
        raise Refused(url=url[:200], reason="scheme")
    if parts.username is not None or parts.password is not None:
        raise Refused(url=parts.hostname or "", reason="userinfo")
    if not parts.hostname:
        raise Refused(url=url[:200], reason="host")
    return parts


def _port(parts: SplitResult, url: str) -> int:
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Refused(url=url[:200], reason="port") from None


class _Connection(http.client.HTTPConnection):
    """Connects to the checked address; TLS asks for the certificate of the host's name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=WAIT)
        self._target = target

    def connect(self) -> None:
        raw = socket.create_connection((self._target.address, self._target.port), timeout=WAIT)
        if self._target.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self._target.host)
        self.sock = raw
