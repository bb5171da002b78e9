"""Text messages: written to the outbox; they leave once a gateway is connected."""

from engines.core.jobs.base import Services

from ..base import Channel, Message, channel_types


@channel_types.register
class Sms(Channel):
    type = "sms"
    label = {"zh": "短信", "en": "Text message"}
    icon = "phone"

    def held(self, message: Message, services: Services) -> str:
        return "no_gateway" if message.to else "no_address"
