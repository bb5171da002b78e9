"""The blueprint of public forms and the address that their links carry."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Blueprint, current_app, request

links = Blueprint("links", "runtime.links")
NOWHERE = ("192.0.2.1", 9)
"""An address that no network has: nothing is sent, the system only says which of ours it would use."""


@dataclass(frozen=True)
class Base:
    """What stands before `/f/…`; `loop`: only this machine can open it."""

    address: str
    loop: bool

    def of(self, link: str, channel: str = "") -> str:
        return f"{self.address}/f/{link}" + (f"?c={quote(channel)}" if channel else "")


def base() -> Base:
    """PUBLIC_URL, else this machine's address in the local network when it listens there, else what the page was
    opened under."""
    public = str(current_app.config.get("PUBLIC_URL") or "").rstrip("/")
    if not public and current_app.config.get("LAN") and (near := lan()):
        port = urlsplit(request.host_url).port
        public = f"http://{near}" + (f":{port}" if port else "")
    address = public or request.host_url.rstrip("/")
    return Base(address, _is_loop(urlsplit(address).hostname or ""))


def lan() -> str:
    """This machine's own address in the network it would go out by; "" without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _is_loop(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
