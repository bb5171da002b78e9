"""What a page with a form knows of it while somebody types, and how it stands when it is first drawn."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.source import Values
from engines.form import live, visible
from engines.form.compile import Form


@dataclass(frozen=True)
class Standing:
    """`gone`: fields that are not shown; `needed`: those to be filled in; `fixed`: those that are locked now; `worked`:
    stored values of computed fields as they will be; `told`: the part of the page that answers as one types, None where
    there is nothing to answer."""

    gone: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    worked: Values = field(default_factory=dict)
    told: Definition | None = None


def scopes(look: Look, app: str) -> Callable[[str], Scope]:
    """What this reader sees of each form of an app."""
    return lambda form: look.rights.scope(f"{app}__{form}")


def standing(look: Look, page: live.Page, given: Values) -> Standing:
    """How the form stands with what its controls hold, raw or stored; nothing moves when the page wakes up."""
    facts = facts_of(look, page, given)
    told = live.live(look, page, facts)
    worked = {one["name"]: facts[one["name"]] for one in (told or {}).get("computed", ())}
    found = conditions(look, page, facts)
    gone = frozenset(name for name, up in found["visible"].items() if not up)
    if not page.asks:  # what nobody could bring back is not hidden
        gone &= {name for what, name in page.formulas if what == "visible"}
    return Standing(
        gone, *(frozenset(n for n, up in found[what].items() if up) for what in ("needed", "fixed")), worked, told
    )


def conditions(look: Look, page: live.Page, facts: Values) -> dict[str, dict[str, bool]]:
    """{`visible`, `needed`, `fixed`: {field: does it hold}}; what has no condition is shown."""
    gone = visible.hidden(look, page.form, facts)
    needed, fixed = (find(look, page.form, facts) for find in (visible.needed, visible.fixed))
    return {
        "visible": {name: name not in gone for name in page.shown},
        "needed": {name: name in needed for name in page.controls},
        "fixed": {name: name in fixed for name in page.controls},
    }


def how(standing: Standing, name: str) -> dict[str, bool]:
    """How the control of a field is drawn first."""
    return {"gone": name in standing.gone, "needed": name in standing.needed, "fixed": name in standing.fixed}


def facts_of(look: Look, page: live.Page, given: Values) -> Values:
    """The record as it would be saved now, computed fields among it."""
    typed = visible.roughly(page.form, {name: given[name] for name in page.controls if name in given})
    facts = {**(page.row or page.form.source.blank), **{name: typed[name] for name in page.controls if name in given}}
    return visible.worked_out(look, page.form, facts)


def answered(look: Look, page: live.Page, given: Values) -> dict[str, Any]:
    """What the page has to ask, given what has been typed so far: the conditions that stay here (`visible`, `needed`,
    `fixed`), and the `given` values, which follow relations."""
    facts = facts_of(look, page, given)
    found = conditions(look, page, facts)
    told: dict[str, Any] = {what: {} for what in found}
    for what, name in page.asked:
        told[what][name] = found[what][name]
    return told | {"given": live.given(look, page, facts)}


def record_page(
    look: Look, form: Form, controls: Iterable[str], shown: Iterable[str], record: int | None = None
) -> live.Page:
    """The page of a record, or of a new one, as the reader's rights draw it."""
    row = query.one(look, form.source, record) if record else {}
    return live.Page(form, scopes(look, form.app), frozenset(controls), frozenset(shown), row)
