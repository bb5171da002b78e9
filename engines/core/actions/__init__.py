"""What a rule's THEN, a flow's step, a button and a schedule can do."""

from . import types
from .base import Action, action_types

action_types.load(types)

__all__ = ["Action", "action_types"]
