"""Flows: what happens next, who has to do it and by when; steps are pure, everything later is a job."""

from . import nodes, triggers
from .base import Node, Trigger, node_types, trigger_types

node_types.load(nodes)
trigger_types.load(triggers)

__all__ = ["Node", "Trigger", "node_types", "trigger_types"]
