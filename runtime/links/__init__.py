"""Public forms, and the page where people make and close their links."""

from . import fill, manage
from .base import links

__all__ = ["fill", "links", "manage"]
