"""The HTTP API, /api/v1: JSON in and out, under the rights of whoever the token stands for."""

from . import apps, docs, openapi, records, sheets, strays, writes
from .base import api

__all__ = ["api", "apps", "docs", "openapi", "records", "sheets", "strays", "writes"]
