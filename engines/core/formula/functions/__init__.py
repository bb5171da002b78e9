"""The functions of the language, one module a group; importing the package registers them all."""

from . import base, calendar, context, dates, formats, lists, logic, math, related, statistics, text
from .base import FUNCTIONS, Function, every

__all__ = [
    "FUNCTIONS",
    "Function",
    "base",
    "calendar",
    "context",
    "dates",
    "every",
    "formats",
    "lists",
    "logic",
    "math",
    "related",
    "statistics",
    "text",
]
