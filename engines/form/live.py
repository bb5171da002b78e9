"""What a page works out by itself while somebody types: the trees of its form's formulas and the values they need, and
nothing that its reader may not see. Whatever cannot travel stays a question to the server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engines.core.access.dependencies import read_by
from engines.core.fields import field_types
from engines.core.fields.results import result_of
from engines.core.formula.browser import VERSION, given_of, in_browser, to_browser
from engines.core.formula.check import Checked
from engines.core.formula.problems import FormulaError
from engines.core.formula.python import compile_term
from engines.core.formula.tree import Aggregate, Term
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import Look
from engines.core.records.facts import system_facts
from engines.core.records.names import SYSTEM
from engines.core.records.source import Values

from . import visible
from .compile import Form
from .computed import computed_of
from .formulas import Ready, ready

SUMMED = frozenset({"SUM", "COUNT", "AVERAGE", "MIN", "MAX", "COUNT_DISTINCT", "EXISTS"})
"""Summaries of the rows on the page that the page makes itself."""
SETTINGS = {"valid": "valid", "needed": "required_if", "fixed": "read_only_if", "default": "default"}
ASKED = ("visible", "needed", "fixed")
CONDITIONS = (*ASKED, "valid")
READING = ("scale", "unit", "currency", "zone")
"""Settings of a field that say how what is typed is read."""


@dataclass(frozen=True)
class Page:
    """A form as one reader fills it in. `controls`: fields with something to type into; `shown`: those and the ones
    that are only read; `scopes`: what the reader sees of a form of the app, by its id; `row`: the record, when it is
    there already; `asks`: may the page ask the server, as a visitor's may not?"""

    form: Form
    scopes: Callable[[str], Scope]
    controls: frozenset[str]
    shown: frozenset[str]
    row: Values = field(default_factory=dict)
    asks: bool = True

    @cached_property
    def formulas(self) -> dict[tuple[str, str], Ready]:
        """What travels, by (what it is for, field): `visible`, `valid`, `needed`, `fixed`, `computed`, `default`."""
        return {spot: formula for spot, formula in self._all() if self._travels(formula.checked)}

    @cached_property
    def keys(self) -> dict[str, str]:
        """Under which key the page finds a given value."""
        named = sorted({key for one in self.formulas.values() for key in given_of(one.checked)})
        return {key: f"g{n}" for n, key in enumerate(named)}

    @cached_property
    def asked(self) -> dict[tuple[str, str], str]:
        """Conditions about which the page has to ask: formula text by (what it is for, field)."""
        found = ((spot, text) for spot, text in self._texts().items() if spot[0] in ASKED)
        return {spot: text for spot, text in found if spot not in self.formulas} if self.asks else {}

    def _all(self) -> Iterator[tuple[tuple[str, str], Ready]]:
        for (what, name), text in self._texts().items():
            try:
                made = ready(self.form, text, condition=what in CONDITIONS)
                if what != "default" or made.checked.fields:  # what reads nothing stays as the server made it
                    yield (what, name), made
            except (FormulaError, AppError, LookupError):  # of a draft that is not right yet
                continue

    def _texts(self) -> dict[tuple[str, str], str]:
        form = self.form
        found: dict[tuple[str, str], str] = {}
        for name, text in self._computed().items():
            found["computed", name] = text
        for name, text in visible.conditional(form).items():
            if name in self.shown:
                found["visible", name] = text
        for what, setting in SETTINGS.items():
            if not (self.row and what == "default"):
                texts = visible.setting(form, setting)
                found |= {(what, name): text for name, text in texts.items() if name in self.controls}
        return found

    def _computed(self) -> dict[str, str]:
        source = self.form.source
        names = [name for name in computed_of(self.form).order if name in self.shown]
        return {name: source.computed[name] for name in names if not self._still(name)}

    def _travels(self, checked: Checked) -> bool:
        return (
            in_browser(checked)
            and self._told(checked)
            and all(self._present(name) for name in checked.fields)
            and all(self._givable(term, checked) for term in given_of(checked).values())
        )

    def _told(self, checked: Checked) -> bool:
        """Does the reader see every field that it names, whole, and every record that it looks at?"""
        made = read_by(self.form.source, checked.text)
        seen = (self.scopes(form).compares(name) for form, name in made.spots)
        whole = (self.scopes(form) for form in made.forms)
        return all(seen) and all(scope.may("view") and scope.rows is None for scope in whole)

    def _present(self, name: str) -> bool:
        """Has the page the field's value as it is now?"""
        if name in self.controls:
            return reader(self.form.fields[name]) is not None
        if name in SYSTEM or name.startswith("_"):
            return bool(self.row)
        if self._still(name):
            return self.asks
        text = self._computed().get(name)
        return text is not None and self._travels(ready(self.form, text).checked)

    def _still(self, name: str) -> bool:
        """Does nothing that is typed here change it?"""
        text = self.form.source.computed.get(name)
        if text is None or name in self.controls:
            return name not in self.controls
        checked = ready(self.form, text).checked
        return not (checked.relations & self.controls) and all(self._still(one) for one in checked.fields)

    def _givable(self, term: Term, checked: Checked) -> bool:
        if term.op == "path":
            return self.asks
        if term.op != "aggregate":
            return True
        aggregate = next(one for one in checked.aggregates if one.key == term.value)
        if aggregate.relation in self.form.source.children:
            return self._summed(aggregate)
        return self.asks and not any(one.op == "outer" for one in inner(aggregate))

    def _summed(self, aggregate: Aggregate) -> bool:
        """Can the page sum up its own rows?"""
        fields = columns(self.form, aggregate.relation)
        names = [str(term.value) for term in inner(aggregate) if term.op == "field"]
        return (
            aggregate.relation in self.controls
            and aggregate.function in SUMMED
            and all(term.op not in ("outer", "path", "aggregate") for term in inner(aggregate))
            and all(name in fields and reader(fields[name]) for name in names)
        )


def live(look: Look, page: Page, facts: Values) -> Definition | None:
    """The page's part as JSON; None when there is nothing to work out. `facts` are the values as they stand."""
    formulas = page.formulas
    if not formulas and not page.asked:
        return None
    reads = frozenset().union(*(one.checked.fields for one in formulas.values()))
    wanted = {name for name in reads | {name for _, name in formulas} if name in page.controls}
    sums = _sums(page)
    rows = {one["of"] for one in sums.values()}
    known = system_facts(facts)
    return {
        "version": VERSION,
        "now": look.now,
        "zone": page.form.zone,
        "fields": {name: spec for name in sorted(wanted | rows) if (spec := reader(page.form.fields[name]))},
        "facts": {name: _plain(known.get(name)) for name in sorted(reads - page.controls) if name not in _own(page)},
        "given": given(look, page, facts),
        "sums": sums,
        "moves": sorted({path[0] for one in formulas.values() for path in one.outside.paths} & page.controls),
        "asks": sorted(_asking(page)),
        "computed": [_computed(page, name, facts) for name in _own(page)],
        **{what: _trees(page, what) for what in (*CONDITIONS, "default")},
    }


def given(look: Look, page: Page, facts: Values) -> Values:
    """The given values of what travels, under the page's keys, for a record with these values."""
    found: Values = {}
    env = visible.env_of(look, page.form)
    for formula in page.formulas.values():
        known = visible.beside(look, page.form, formula, facts)
        for key, term in given_of(formula.checked).items():
            found[page.keys[key]] = known[key] if key in known else compile_term(term)({}, env)
    return found


def reader(definition: Definition) -> Definition | None:
    """How a page reads what stands in the control of a field; None when it cannot, as of texts that are cleaned."""
    live_as = field_types.get(definition["type"]).live
    if not live_as or definition.get("rich"):
        return None
    spec = {"as": live_as} | {name: definition[name] for name in READING if name in definition}
    children = field_types.get(definition["type"]).children(definition)
    if children is not None:
        spec["fields"] = {one["id"]: made for one in children if (made := reader(one))}
    return spec | ({"several": True} if definition.get("multiple") else {})


def columns(form: Form, child: str) -> dict[str, Definition]:
    return {one["id"]: one for one in field_types.get(form.fields[child]["type"]).children(form.fields[child]) or ()}


def inner(aggregate: Aggregate) -> Iterator[Term]:
    """The terms over the related records."""
    for part in (aggregate.value, aggregate.where, aggregate.order):
        if part is not None:
            yield from part.walk()


def _own(page: Page) -> list[str]:
    """Fields whose values the page works out itself, each after those that it reads."""
    return [name for what, name in page.formulas if what == "computed"]


def _asking(page: Page) -> set[str]:
    """Controls on which the conditions that stay here depend: when one changes, the page asks."""
    source = page.form.source
    asked = [ready(page.form, text, condition=True).checked.text for text in page.asked.values()]
    spots = [read_by(source, text).spots for text in asked]
    return {name for found in spots for form, name in found if form == page.form.id and name in page.controls}


def _sums(page: Page) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for formula in page.formulas.values():
        for one in formula.checked.aggregates:
            if one.relation in page.form.source.children:
                parts = {"value": one.value, "where": one.where}
                trees = {name: to_browser(term, {}) for name, term in parts.items() if term is not None}
                found[page.keys[one.key]] = {"of": one.relation, "function": one.function, **trees}
    return found


def _computed(page: Page, name: str, facts: Values) -> Definition:
    """A computed field: its tree, its value now, and how it is kept and shown."""
    shape = result_of(page.form.fields[name])
    tree = to_browser(page.formulas["computed", name].checked.tree, page.keys)
    kept = {setting: shape[setting] for setting in READING if setting in shape}
    return {"name": name, "tree": tree, "as": shape["type"], "is": facts.get(name), **kept}


def _trees(page: Page, what: str) -> dict[str, Definition]:
    made: dict[str, Definition] = {}
    for (use, name), formula in page.formulas.items():
        if use == what:
            mend = {"mend": visible.mend_of(page.form, name)} if what == "valid" else {}
            made[name] = {"tree": to_browser(formula.checked.tree, page.keys), **mend}
    return made


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
