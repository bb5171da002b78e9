"""A record with those around it, taken out of one workspace and put into another: what a rehearsal needs to be true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engines.core.fields import field_types
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query, store
from engines.core.records.change import Change
from engines.core.records.source import Source, Values
from engines.form import submit
from engines.form.compile import Form

MOST = 100
"""Records of one other form that come along."""


@dataclass(frozen=True)
class Seed:
    """`row` of `form`; `ahead` are the records it links to, `behind` those that link to it, by form with the field."""

    form: str
    row: Values
    ahead: dict[str, list[Values]]
    behind: list[tuple[str, str, list[Values]]]

    def plant(self, uow: UnitOfWork, app: str) -> Change:
        """All of them in another workspace, the links among them kept; the change that made the record itself."""
        forms = uow.apps.app(app).forms
        ids: dict[str, dict[int, int]] = {}
        for name, rows in self.ahead.items():
            ids[name] = {row["_id"]: int(_made(uow, forms[name], row, {}).id or 0) for row in rows if name in forms}
        change = _made(uow, forms[self.form], self.row, ids)
        for name, field, rows in self.behind:
            for row in rows if name in forms else ():
                _made(uow, forms[name], row, {self.form: {self.row["_id"]: int(change.id or 0)}}, only=field)
        return change


def taken(look: Look, form: Form, record: int) -> Seed:
    """A record as the reader sees it, and what it is linked with; NotFound when it is hidden."""
    source = form.source
    row = query.one(look, source, record)
    ahead: dict[str, list[Values]] = {}
    behind: list[tuple[str, str, list[Values]]] = []
    for way in source.ways.values():
        other = source.others.get(way.form) if way.form else None
        if other is None or not look.rights.scope(other.id).may("view"):
            continue
        name = str(way.form)
        if way.back:
            behind.append((name, way.field, _rows(look, other, store.pointing_at(look, other, way.field, record))))
        else:
            ahead.setdefault(name, []).extend(_rows(look, other, _ids(row.get(way.field))))
    return Seed(form.id, row, {name: _once(rows) for name, rows in ahead.items()}, behind)


def _rows(look: Look, source: Source, records: Sequence[int]) -> list[Values]:
    return list(query.many(look, source, list(records)[:MOST])) if records else []


def _once(rows: list[Values]) -> list[Values]:
    return list({row["_id"]: row for row in rows}.values())


def _ids(value: Any) -> list[int]:
    found = value if isinstance(value, (tuple, list)) else [value]
    return [one for one in found if isinstance(one, int)]


def _made(uow: UnitOfWork, form: Form, row: Values, ids: dict[str, dict[int, int]], *, only: str = "") -> Change:
    """What the record holds itself, and its links to records that came along (over the field `only`, if named)."""
    own = {name: row[name] for name, field in form.fields.items() if name in row and _own(field)}
    for way in form.source.ways.values():
        if way.back or not way.form or way.form not in ids or (only and way.field != only):
            continue
        found = [ids[way.form][one] for one in _ids(row.get(way.field)) if one in ids[way.form]]
        own[way.field] = tuple(found) if way.many else next(iter(found), None)
    return submit.create_stored(uow, form, own)


def _own(field: Definition) -> bool:
    """A value that stands by itself: neither worked out, nor a link, nor a file, nor rows of its own."""
    kind = field_types.get(field["type"])
    if kind.computed_by(field) is not None or kind.links(field) or kind.children(field) is not None:
        return False
    held = kind.value_type(field)
    return (held.item or held).kind != "file"
