"""Everything said to people and other programs: the outbox, notices inside the platform, the channels out."""

from . import channels
from .base import Channel, Message, channel_types

channel_types.load(channels)

__all__ = ["Channel", "Message", "channel_types"]
