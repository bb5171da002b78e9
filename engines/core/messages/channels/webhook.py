"""A JSON message to another program, signed when there is a secret."""

import hashlib
import hmac

import orjson

from engines.core.jobs.base import Services
from engines.core.kernel import clock

from ..base import Channel, Message, Undelivered, channel_types

FRESH = 300


@channel_types.register
class Webhook(Channel):
    """`data`: {json, secret?}. Headers: `Idempotency-Key`, and `X-Dougong-Signature: t=<seconds>,v1=<hex>`, the HMAC of
    `<t>.<body>` with SHA-256."""

    type = "webhook"
    label = {"zh": "Webhook", "en": "Webhook"}
    icon = "link"

    def held(self, message: Message, services: Services) -> str:
        return "" if message.to else "no_address"

    def send(self, message: Message, services: Services) -> str:
        settings = services["settings"]
        body = orjson.dumps(message.data["json"])
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key}
        if secret := message.data.get("secret"):
            headers["X-Dougong-Signature"] = signature(settings.secret(secret), body, clock.wall() // 1_000_000)
        answer = services["door"].post(settings.secret(message.to), body, headers)
        if not answer.fine:
            raise Undelivered(answer=f"{answer.status} {answer.location} {answer.body[:200]}")
        return f"{answer.status} {answer.body[:200]}"


def signature(secret: str, body: bytes, seconds: int) -> str:
    """What the receiver computes again over the bytes it got."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def genuine(secret: str, body: bytes, header: str, now: int) -> bool:
    """Whether a signature we got is over these bytes and less than five minutes old; `now` in seconds."""
    seconds = dict(part.split("=", 1) for part in header.split(",") if "=" in part).get("t", "")
    if not seconds.isdigit() or abs(now - int(seconds)) > FRESH:
        return False
    return hmac.compare_digest(signature(secret, body, int(seconds)), header)
