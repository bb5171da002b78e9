"""Pages around flows: the inbox, one's notices, what runs on a record, the tasks of a team."""

from . import bell, inbox, parts, start, team
from .base import tasks

__all__ = ["bell", "inbox", "parts", "start", "tasks", "team"]
