"""A text into a group of WeCom, DingTalk or Feishu, by the group's robot."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote_plus

import orjson

from engines.core.jobs.base import Services
from engines.core.kernel import clock

from ..base import Channel, Message, Undelivered, channel_types

ROBOTS = ("wecom", "dingtalk", "feishu")


@channel_types.register
class ChatRobot(Channel):
    """`data`: {robot, secret?}; the robot's answer is read, since they say no with status 200."""

    type = "chat_robot"
    label = {"zh": "群机器人", "en": "Chat robot"}
    icon = "chat"

    def held(self, message: Message, services: Services) -> str:
        return "" if message.to else "no_address"

    def send(self, message: Message, services: Services) -> str:
        settings, data = services["settings"], message.data
        secret = settings.secret(data.get("secret") or "")
        url, body = shaped(data["robot"], settings.secret(message.to), message.body, secret, clock.wall() // 1000)
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key}
        answer = services["door"].post(url, orjson.dumps(body), headers)
        if not answer.fine or not accepted(answer.body):
            raise Undelivered(answer=f"{answer.status} {answer.body[:200]}")
        return str(answer.body[:200])


def shaped(robot: str, url: str, text: str, secret: str, millis: int) -> tuple[str, dict[str, Any]]:
    """(address, JSON) in the shape of each robot; DingTalk and Feishu sign when there is a secret."""
    if robot == "feishu":
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        seconds = str(millis // 1000)
        signed = {"timestamp": seconds, "sign": _hmac(f"{seconds}\n{secret}", "")} if secret else {}
        return url, signed | body
    body = {"msgtype": "text", "text": {"content": text}}
    if robot == "dingtalk" and secret:
        sign = quote_plus(_hmac(secret, f"{millis}\n{secret}"))
        url += f"{'&' if '?' in url else '?'}timestamp={millis}&sign={sign}"
    return url, body


def accepted(answer: str) -> bool:
    """WeCom and DingTalk say errcode 0, Feishu code 0 or StatusCode 0."""
    try:
        said = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return False
    codes = [said[name] for name in ("errcode", "code", "StatusCode") if name in said]
    return bool(codes) and not any(codes)


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
