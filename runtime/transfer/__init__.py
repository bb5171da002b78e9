"""Spreadsheets in and out, as pages."""

from . import bring, take
from .base import transfer

__all__ = ["bring", "take", "transfer"]
