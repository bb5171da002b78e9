"""The HTTP API, /api/v1: JSON in and out, under the rights of whoever the token stands for."""

from . import apps, docs, hooks, openapi, records, sheets, strays, tasks, writes
from .base import api

__all__ = ["api", "apps", "docs", "hooks", "openapi", "records", "sheets", "strays", "tasks", "writes"]
