"""One record that is there, with everything that formulas about it need; what its reader may not see stays hidden."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from engines.core.fields import field_types
from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.nodes import Node
from engines.core.formula.problems import FormulaError
from engines.core.formula.python import compile_one
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import query, store
from engines.core.records.conditions import SeenNames
from engines.core.records.facts import outside, system_facts
from engines.core.records.names import SourceNames
from engines.core.records.source import Source, Values
from engines.form import read as reading
from engines.form.compile import Form
from engines.rule.compile import TRIGGERED
from runtime import render


class Sample:
    """One record of the live form, with everything that formulas about it need; values that the person may not read
    decide nothing here."""

    def __init__(self, look: Look, form: Form, record: int, context: frozenset[str] = TRIGGERED) -> None:
        self.look, self.form, self.record, self.context = look, form, record, context
        self.source: Source = form.source
        self.names, self.seen = SourceNames(form.source), SeenNames(form.source, self.reads)
        self.env = Env(look.now, form.source.zone, user=look.actor.id)
        facts = store.load(look, form.source, record).facts
        self.facts: Values = system_facts(facts)
        self.known = reading.known(look, form, [dict(facts)], [])

    def checked(self, node: Node, *, condition: bool = False) -> Checked:
        return check(node, self.names, context=self.context, wants=BOOLEAN if condition else None)

    def value(self, made: Checked) -> Any:
        """The stored value of a formula; FormulaFault."""
        around = outside(self.source, [made]).read(self.look, self.record, self.env)
        return compile_one(made)({**self.facts, **around}, self.env)

    def hidden(self, made: Checked) -> bool:
        """Does the formula ask about what the person may not see: a field, or records of which they see only some?"""
        try:
            check(made.node or made.text, self.seen, context=self.context)
        except FormulaError:
            return True
        return any(not self._whole(source) for source in self._reached(made))

    def reads(self, source: Source, name: str) -> bool:
        return name in source.fields and self.look.rights.scope(source.id).compares(name)

    def _whole(self, source: Source) -> bool:
        scope = self.look.rights.scope(source.id)
        return "view" in scope.actions and scope.rows is None

    def _reached(self, made: Checked) -> Iterator[Source]:
        """The other forms that a formula reads."""
        for path in (*((name,) for name in made.relations), *(tuple(path.split(".")[:-1]) for path in made.paths)):
            source = self.source
            for part in path:
                way = source.ways.get(part)
                if way is None or not way.form:
                    break
                source = source.others[way.form]
                yield source

    def holds(self, node: Node) -> str:
        """yes, no, error or hidden."""
        try:
            made = self.checked(node, condition=True)
            return "hidden" if self.hidden(made) else "yes" if self.value(made) else "no"
        except (FormulaError, FormulaFault):
            return "error"

    def shown(self, node: Node, field: Definition | None) -> tuple[Any, Markup]:
        """(stored value, as it is read)."""
        try:
            made = self.checked(node)
            if self.hidden(made):
                return None, Markup("")
            stored = self.value(made)
        except (FormulaError, FormulaFault):
            return None, Markup("")
        if field is None or stored is None:
            return stored, render.show({"id": "x", "type": "number", "label": {}}, stored)
        scale = field_types.get(field["type"]).value_type(field).scale
        kept = round(stored * 10**scale) if scale else stored
        return stored, render.show(field, kept, self._known(field, kept))

    def _known(self, field: Definition, stored: Any) -> reading.Known:
        return reading.known(self.look, self.form, [{field["id"]: stored}], [field])

    @property
    def title(self) -> str:
        """What the record is called."""
        return str(reading.titles(self.look, self.source, [self.record]).get(self.record) or "–")


def newest(look: Look, form: Form) -> Sample | None:
    """The newest record that the reader may see, when there is one."""
    rows = query.page(look, form.source, query.Ask(sort=(("_id", True),), limit=1)).rows
    return Sample(look, form, rows[0]["_id"]) if rows else None
