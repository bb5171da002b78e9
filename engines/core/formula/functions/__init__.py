"""The functions of the language, one module a group; importing the package registers them all."""

from . import context, dates, lists, logic, math, related, text
from .base import FUNCTIONS, Function, every

__all__ = ["FUNCTIONS", "Function", "context", "dates", "every", "lists", "logic", "math", "related", "text"]
