"""How a list of a form looks: its views, columns and order, and the question that they put to storage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engines.core.fields import field_types
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import filters, query, views
from engines.core.records.keyset import sorting

from .compile import Form

ALL: Label = {"zh": "全部", "en": "All"}
COLUMNS = 9
WIDE = {"long_text", "file", "image", "subform", "json", "labels", "options", "formula"}
"""Widgets that a list shows only when it is asked to."""
SYSTEM_LABELS: dict[str, Label] = {
    "created_at": {"zh": "创建时间", "en": "Created"},
    "updated_at": {"zh": "修改时间", "en": "Changed"},
    "created_by": {"zh": "创建人", "en": "Created by"},
}


@dataclass(frozen=True)
class View:
    """`id`: `all`, a view of the form definition by its own id, or the number of a saved one. `filter` are conditions;
    `sort` (field, descending); `columns` empty: the form's usual ones. `owner`: None for everybody's."""

    id: str
    label: Label
    filter: tuple[Definition, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    columns: tuple[str, ...] = ()
    kind: str = "table"
    group: str = ""
    q: str = ""
    owner: int | None = None
    saved: bool = False
    where: tuple[query.Where, ...] = ()
    """Further conditions that no view keeps, such as what a mark of a report counts."""

    def plain(self) -> Definition:
        """As a saved view keeps it."""
        return {
            "label": self.label,
            "filter": list(self.filter),
            "sort": [f"-{name}" if down else name for name, down in self.sort],
            "columns": list(self.columns),
            "kind": self.kind,
            "group": self.group,
            "q": self.q,
        }


def views_of(look: Look, form: Form) -> list[View]:
    """Everything, then the views that the form brings along, then saved ones that the reader may see."""
    built_in = [_view(str(v["id"]), v) for v in form.definition.get("views", ())]
    kept = [
        replace(_view(str(v["id"]), v["definition"]), owner=v["owner"], saved=True)
        for v in views.saved(look, form.app, form.id)
    ]
    everything = [] if any(view.id == "all" for view in built_in) else [View("all", ALL)]
    return [*everything, *built_in, *kept]


def view_of(look: Look, form: Form, view_id: str) -> View:
    """One of them; NotFound when there is none, or it is somebody else's."""
    for view in views_of(look, form):
        if view.id == view_id:
            return view
    raise NotFound(view=view_id)


def fields_of(look: Look, form: Form) -> dict[str, Definition]:
    """What a list of this form can show, by id: readable fields, then what every record has."""
    scope = look.rights.scope(form.source.id)
    own = {name: f for name, f in form.fields.items() if scope.reads(name)}
    kinds = {"created_at": "datetime", "updated_at": "datetime", "created_by": "person"}
    system = {
        n: {"id": n, "type": kinds[n], "label": text, "zone": form.zone}
        for n, text in SYSTEM_LABELS.items()
        if n not in own
    }
    return own | system


def columns_of(look: Look, form: Form, view: View) -> list[Definition]:
    """The columns of a view that the reader may see, the title first."""
    known = fields_of(look, form)
    usual = [n for n, f in form.fields.items() if n in known and field_types.get(f["type"]).widget not in WIDE]
    names = [n for n in view.columns if n in known] or [n for n in usual if n != view.group][:COLUMNS]
    if form.title in known and form.title not in names:
        names.insert(0, form.title)
    return [known[name] for name in names]


def sortable(look: Look, form: Form) -> list[Definition]:
    """Fields that a list can be sorted by: those with a column of their own."""
    scope = look.rights.scope(form.source.id)
    own = {name for name in form.source.own if scope.compares(name)}
    return [f for n, f in fields_of(look, form).items() if n in own or n in filters.SYSTEM]


def summed(look: Look, form: Form, columns: Sequence[Definition]) -> list[Definition]:
    """Columns that the footer adds up: amounts and numbers, not scores or shares."""
    can = {f["id"] for f in sortable(look, form)}
    return [f for f in columns if f["id"] in can and shape(f)["type"] in ("money", "number")]


def shape(field: Definition) -> Definition:
    """The ordinary field that a computed one looks like; any other is itself."""
    if field_types.get(field["type"]).widget != "computed":
        return field
    result = field.get("result", "text" if field["type"] == "autonumber" else "number")
    if isinstance(result, dict):
        return {**result, "id": field["id"], "label": field["label"]}
    kept: Definition = {k: field[k] for k in ("scale", "currency", "zone", "unit", "label") if k in field}
    return {**kept, "id": field["id"], "type": result}


def ask(look: Look, form: Form, view: View, zone: str, *, binned: bool = False) -> query.Ask:
    """The question that a view puts to storage; BadFilter names a condition that means nothing."""
    can = {f["id"] for f in sortable(look, form)}
    names = {n: f"_{n}" if n in filters.SYSTEM and n not in form.fields else n for n in can}
    sort = tuple((names[n], down) for n, down in view.sort if n in can)
    where = filters.compile_filters(look, form.source, view.filter, zone) + filters.search(form.source, look, view.q)
    return query.Ask(where=(*view.where, *where), sort=sort, binned=binned)


SAME = {"is_not": "not", "equals": "eq"}


def condition(given: Definition) -> Definition:
    """A condition as a definition writes it, in the words that filters know: `@me`, true and is_not are spelt out."""
    op, value = SAME.get(given["op"], given["op"]), given.get("value")
    if value == "@me":
        op, value = "me", None
    elif isinstance(value, bool):
        op, value = "yes" if value == (op == "is") else "no", None
    return {"field": given["field"], "op": op, "value": value}


def _view(view_id: str, definition: Definition) -> View:
    return View(
        view_id,
        definition["label"],
        filter=tuple(condition(one) for one in definition.get("filter") or ()),
        sort=sorting(definition.get("sort", ())),
        columns=tuple(definition.get("columns", ())),
        kind="kanban" if definition.get("kind") == "kanban" else "table",
        group=definition.get("group", ""),
        q=definition.get("q", ""),
    )
