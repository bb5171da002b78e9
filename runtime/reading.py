"""How a value is read and how it is filled in: at once for the plain kinds, by the widget's template for the rest."""

from collections.abc import Callable
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from engines.core.fields import field_types, values
from engines.core.kernel.errors import Invalid, Rejected
from engines.form.lists import shape
from engines.form.read import Known
from engines.form.submit import REASONS

from .figures import day, full_moment, label, language, moment, money, number

Reader = Callable[[Any], Markup]
NOBODY = Known()
NOTHING = Markup('<span class="muted">–</span>')


def options(field: dict[str, Any], given: Any) -> list[dict[str, Any]]:
    """The options of a field that are chosen, in their order."""
    chosen = [given] if isinstance(given, str) else given or ()
    return [option for option in field.get("options", ()) if option["id"] in chosen]


def reason(field: dict[str, Any], problem: Rejected) -> str:
    """What is wrong with a value and how to mend it."""
    if problem.code in REASONS and problem.code not in field_types.get(field["type"]).reasons:
        return label(REASONS[problem.code]).format(**problem.details)
    return values.say(field, problem, language())


NO_FIELD = {"id": "", "type": "text", "label": {"zh": "", "en": ""}}


def told(fields: dict[str, dict[str, Any]], error: Invalid) -> str:
    """The first problem of a refused record in one line, with the field it is about, where there is one."""
    name, problem = next(iter(error.problems.items()))
    if name in fields:
        return f"{label(fields[name]['label'])}: {reason(fields[name], problem)}"
    return reason(NO_FIELD, problem)


def spoken(field: dict[str, Any], stored: Any) -> Any:
    """A stored value as people write it, such as a phone number with its spaces; what cannot be read stays."""
    try:
        return field_types.get(field["type"]).to_text(stored, field, language()) if stored else stored
    except Exception:  # noqa: BLE001  a control shows whatever somebody typed, readable or not
        return stored


def masked(text: str) -> str:
    """The middle is hidden, so that a glance at a screen gives nothing away."""
    return f"{text[:3]} **** {text[-4:]}" if len(text) > 7 else "****"


def show(field: dict[str, Any], stored: Any, known: Known = NOBODY, *, short: bool = False) -> Markup:
    """One value as it is read; `short` as a list has it."""
    return reader(field, known, short=short)(stored)


def reader(field: dict[str, Any], known: Known = NOBODY, *, short: bool = False) -> Reader:
    """What shows the values of one field, row after row; values that come again are made once."""
    seen = shape(field)
    widget = field_types.get(seen["type"]).widget
    one = (
        QUICK[widget](seen, short)
        if widget in QUICK and not seen.get("sensitive")
        else _by_template(seen, known, short)
    )
    several = field_types.get(field["type"]).widget == "computed" and widget != "tags"

    def read(stored: Any) -> Markup:
        if stored is None or stored in ((), [], ""):
            return NOTHING
        if several and isinstance(stored, (tuple, list)):
            return Markup(" ").join(one(part) for part in stored)
        return one(stored)

    return read


def _by_template(field: dict[str, Any], known: Known, short: bool) -> Reader:
    macro = _macro(field_types.get(field["type"]).widget, "read")
    made: dict[Any, Markup] = {}

    def read(stored: Any) -> Markup:
        try:
            found = made.get(stored)
        except TypeError:  # rows of a child table cannot be remembered
            return Markup(macro(field, stored, known, short))  # noqa: S704  a template escapes itself
        if found is None:
            found = made[stored] = Markup(macro(field, stored, known, short))  # noqa: S704  as above
        return found

    return read


def _text(field: dict[str, Any], short: bool) -> Reader:
    return escape


def _figure(field: dict[str, Any], short: bool) -> Reader:
    write = (lambda v: money(field, v, short=short)) if field["type"] == "money" else (lambda v: number(v, field))

    def read(stored: Any) -> Markup:
        pale = "" if stored or not short else " muted"
        return Markup(f'<span class="num{pale}">{escape(write(stored))}</span>')  # noqa: S704  escaped as it is made

    return read


def _day(field: dict[str, Any], short: bool) -> Reader:
    return lambda stored: Markup(  # noqa: S704  escaped as it is made
        f'<time class="num" datetime="{escape(stored)}">{escape(day(stored))}</time>'
    )


def _moment(field: dict[str, Any], short: bool) -> Reader:
    zone = field.get("zone", "UTC")
    return lambda stored: Markup(  # noqa: S704  escaped as it is made
        f'<time class="num" title="{escape(full_moment(stored, zone))}">{escape(moment(stored, zone))}</time>'
    )


QUICK: dict[str, Callable[[dict[str, Any], bool], Reader]] = {
    "text": _text,
    "number": _figure,
    "money": _figure,
    "date": _day,
    "datetime": _moment,
}


def control(
    field: dict[str, Any], value: Any = None, problem: Rejected | None = None, known: Known = NOBODY, **how: Any
) -> Markup:
    """One field to fill in: label, control, help or what is wrong. `how`: name, bare, target, locked, zone."""
    kind = field_types.get(field["type"])
    how.setdefault("locked", bool(field.get("read_only")) or not values.writable(field))
    how.setdefault("name", field["id"])
    template = current_app.jinja_env.get_template("widgets/field.html").module
    inner = _macro("computed" if how["locked"] else kind.widget, "control")
    return Markup(template.field(field, value, problem, known, how, inner))  # noqa: S704  a template escapes itself


def _macro(widget: str, name: str) -> Any:
    made = current_app.extensions.setdefault("dougong.widgets", {})
    if (widget, name) not in made:
        made[widget, name] = getattr(current_app.jinja_env.get_template(f"widgets/{widget}.html").module, name)
    return made[widget, name]


def wide(field: dict[str, Any]) -> int:
    return int(field.get("width", 12))


def widget(field: dict[str, Any]) -> str:
    return field_types.get(field["type"]).widget


def seen_widget(field: dict[str, Any]) -> str:
    return field_types.get(shape(field)["type"]).widget
