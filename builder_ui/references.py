"""What a reference in a panel may point at: forms of the app, fields of a form, ways to other forms."""

from collections.abc import Callable, Iterable, Mapping

from engines.core.actions.told import Names
from engines.core.kernel.kind import Definition
from engines.core.records.source import Way
from engines.form.compile import ways_of
from runtime import render

from .base import Page
from .flows import assignees


def choices_of(
    page: Page, settings: Definition, form: str = "", people: Mapping[int, str] | None = None
) -> Callable[[Definition], list[tuple[str, str]]]:
    """(id, words) for a form_ref or a field_ref of a panel whose settings are these; `form`: whose fields are meant
    when the setting does not say; `people`: who may be meant by name."""
    home = form or (page.part if page.kind == "forms" else "")

    def choices(setting: Definition) -> list[tuple[str, str]]:
        if setting["id"] == "who":
            return _whom(page, home, people or {}, setting.get("held", ()))
        if setting["type"] == "form_ref":
            return [(one["id"], render.label(one["label"])) for one in page.parts("forms")]
        if setting["id"] == "relation":
            return relations(page, home, many=settings.get("type") == "rollup")
        if setting["id"] == "field" and settings.get("type") == "create_record":
            return fields(page, str(settings.get("form", "")))
        of = setting.get("of")
        return fields(page, _form_of(page, settings, of, home) if of else home)

    return choices


def _whom(page: Page, form: str, people: Mapping[int, str], held: Iterable[str]) -> list[tuple[str, str]]:
    """Everybody that an assignment may mean here, and those that this one means already."""
    found = next((one["fields"] for one in page.parts("forms") if one["id"] == form), [])
    roles = {one["id"]: one["label"] for one in page.parts("roles")}
    names = Names({f["id"]: f for f in found}, roles, people=people)
    rows = assignees.offered(found, names, people)
    known = {one for one, _ in rows}
    return rows + [(one, assignees.said(assignees.meant(one), names)) for one in held if one and one not in known]


def fields(page: Page, form: str) -> list[tuple[str, str]]:
    """The fields of a form, or the columns of a child table `form.child`."""
    name, _, child = form.partition(".")
    found = next((one for one in page.parts("forms") if one["id"] == name), {"fields": []})
    inner = next((f.get("fields", []) for f in found["fields"] if f["id"] == child), []) if child else found["fields"]
    return [(f["id"], render.label(f["label"])) for f in inner]


def relations(page: Page, form: str, *, many: bool) -> list[tuple[str, str]]:
    """Ways from a form: to several records for a summary, to one for a look."""
    found = ways_of(page.parts("forms")).get(form, {})
    return [(way.id, _named(page, form, way)) for way in found.values() if way.many == many]


def _named(page: Page, form: str, way: Way) -> str:
    forms = {one["id"]: one for one in page.parts("forms")}
    holder = forms[way.form] if way.back else forms[form]
    field = next(f for f in holder["fields"] if f["id"] == way.field)
    label = field.get("reverse", {}).get("label") if way.back else field["label"]
    words = render.label(label or {"en": way.id})
    return f"{words} · {render.label(forms[way.form]['label'])}" if way.form else words


def _form_of(page: Page, settings: Definition, of: str, home: str) -> str:
    """The form that another setting leads to: itself a form, or a relation."""
    given = str(settings.get(of) or "")
    way = ways_of(page.parts("forms")).get(home, {}).get(given)
    if way is None:
        return given
    return way.form or f"{home}.{way.field}"
