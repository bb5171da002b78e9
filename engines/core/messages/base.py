"""What a channel says about itself; a channel is one file in channels/."""

from dataclasses import dataclass, field
from typing import Any

from engines.core.jobs.base import Services
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Kind
from engines.core.kernel.registry import Registry


class Undelivered(AppError):
    """The other side said no; tried again later."""

    code = "undelivered"
    words = {"zh": "对方没有收下：{answer}", "en": "The other side did not take it: {answer}"}


@dataclass(frozen=True)
class Message:
    """`to` is an address of the channel; `data` what the channel needs besides. `key` is the same over every try."""

    channel: str
    to: str
    subject: str = ""
    body: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    key: str = ""


class Channel(Kind):
    """A way out. `held` says why a message cannot leave (a code with words in HELD), `send` lets it go."""

    def held(self, message: Message, services: Services) -> str:
        """ "" when it may leave."""
        return ""

    def send(self, message: Message, services: Services) -> str:
        """The other side's answer, for the record; Undelivered when it refused. May happen twice with one key."""
        raise Undelivered(answer=self.type)


HELD = {
    "demo": {"zh": "演示数据不外发", "en": "Demo data: nothing is sent"},
    "rehearsal": {"zh": "预演不外发", "en": "A rehearsal: nothing is sent"},
    "reserved_address": {"zh": "示例地址不外发", "en": "An example address: nothing is sent"},
    "no_address": {"zh": "没有收件地址", "en": "There is no address to send to"},
    "no_server": {"zh": "还没有设置邮件服务器", "en": "No mail server is set up"},
    "restored": {"zh": "恢复的副本里没有再发", "en": "Not sent again from a restored copy"},
    "no_gateway": {"zh": "还没有接短信网关", "en": "No text message gateway is connected"},
}
"""Why a message stays in the outbox, where it can be read."""

channel_types: Registry[Channel] = Registry("message_channel")
