"""Pages for administrators: people, departments, roles, tokens and the audit log; one module a page."""

from . import audit, departments, held, people, roles, runs, tokens
from .base import admin

__all__ = ["admin", "audit", "departments", "held", "people", "roles", "runs", "tokens"]
