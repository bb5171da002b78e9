"""A record as JSON: what the caller may read of it, with the system's own values under their names."""

import datetime
from collections.abc import Iterable
from typing import Any

from engines.core.fields import field_types
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.source import Values
from engines.form.asking import SYSTEM
from engines.form.compile import Form

TIMES = ("_created_at", "_updated_at")


def plain(form: Form, row: Values, names: Iterable[str] | None = None) -> dict[str, Any]:
    """`names`: only these."""
    own = {name: row.get(name) for name in SYSTEM} | {name: instant(row[name]) for name in TIMES if row.get(name)}
    whole = own | form.plain(row)
    return whole if names is None else {name: whole[name] for name in ("_id", *names) if name in whole}


def instant(micros: int) -> str:
    """ISO 8601, UTC."""
    return datetime.datetime.fromtimestamp(micros / 1e6, datetime.UTC).isoformat().replace("+00:00", "Z")


def value(form: Form, name: str, stored: Any) -> Any:
    """A value as history keeps it, plain."""
    field = form.fields.get(name)
    if field is None or stored is None:
        return stored
    return field_types.get(field["type"]).plain(tuple(stored) if isinstance(stored, list) else stored, field)


def many(look: Look, form: Form, ids: list[int]) -> list[dict[str, Any]]:
    """Records just written, in that order; of one that its writer may not see, the id."""
    found = {row["_id"]: row for row in query.many(look, form.source, ids)}
    return [plain(form, found[n]) if n in found else {"_id": n} for n in ids]
