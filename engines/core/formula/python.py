"""Typed trees to Python functions: one code object for one formula or for a whole rule set, each field loaded once.

The code is made from the typed tree only; names and texts of people enter it as constants bound by our own names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from . import runtime
from .check import Checked
from .env import Env
from .faults import FormulaFault
from .functions.base import FUNCTIONS
from .tree import Aggregate, Term
from .types import Type

Facts = Mapping[str, Any]
Formula = Callable[[Facts, Env], Any]
Many = Callable[[Facts, Env], list[Any]]
Hits = Callable[[Facts, Env], tuple[list[int], dict[int, FormulaFault]]]
MOST_NESTED = 12
OVERFLOWING = frozenset({"+", "*", "/", "POWER", "sum of", "SUMSQ", "average of"})
FAULTY = frozenset({"/", "fault", "date of", "midnight", "datetime text", "time of day", "&"})
EXACT = frozenset({"const", "field", "path", "outer", "OLD"})
INLINE = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def compile_one(checked: Checked) -> Formula:
    """A function (facts, env) -> stored value; raises FormulaFault. Number results are checked to be finite."""
    code = Code()
    body = code.root(checked.tree)
    return cast(Formula, code.build(f"return {body}", "one"))


def compile_many(checked: Sequence[Checked]) -> Many:
    """One function for many formulas: a list of values, a FormulaFault in the place of each that fails."""
    code = Code()
    lines = ["out = []"]
    for one in checked:
        lines += code.guarded(one.tree, f"out.append({code.root(one.tree)})", "out.append(fault)")
    return cast(Many, code.build("\n ".join([*lines, "return out"]), "many"))


def compile_hits(checked: Sequence[Checked]) -> Hits:
    """One function for many conditions: the places of those that hold, and the faults of those that fail by place."""
    code = Code()
    lines = ["hits = []", "faults = {}"]
    for place, one in enumerate(checked):
        test = f"if {code.emit(one.tree)}: hits.append({place})"
        lines += code.guarded(one.tree, test, f"faults[{place}] = fault")
    return cast(Hits, code.build("\n ".join([*lines, "return hits, faults"]), "hits"))


def summarise(aggregate: Aggregate, rows: Iterable[Facts], facts: Facts, env: Env) -> Any:
    """The value of a related aggregate over rows of the related form, for one outer record; may raise FormulaFault."""
    where = compile_term(aggregate.where) if aggregate.where else None
    value = compile_term(aggregate.value) if aggregate.value else None
    order = compile_term(aggregate.order) if aggregate.order else None
    with_outer = ({**row, runtime.OUTER: facts} for row in rows)
    found = [row for row in with_outer if where is None or where(row, env)]
    if aggregate.function in ("LATEST", "EARLIEST", "LOOKUP"):
        default = "_id" if aggregate.function == "LOOKUP" else "created_at"
        latest = aggregate.function == "LATEST"
        found.sort(key=lambda row: runtime.rank(order(row, env) if order else row.get(default), row, latest=latest))
    values = [value(row, env) if value else 1 for row in found]
    return runtime.summary(aggregate.function, values)


@lru_cache(maxsize=4096)
def compile_term(term: Term) -> Formula:
    """A part of a formula as a function (facts, env); kept, as due times and late parts ask for the same ones."""
    code = Code()
    return cast(Formula, code.build(f"return {code.root(term)}", "term"))


def may_fault(term: Term) -> bool:
    """Whether evaluating it can raise."""
    return any(part.op in FAULTY or faults_of(part.op) for part in term.walk())


def faults_of(op: str) -> bool:
    made = FUNCTIONS.get(op)
    return bool(made and made.faults)


@dataclass
class Code:
    """One code object being written: `names` is what it may refer to, `loads` the lines that read the facts."""

    names: dict[str, Any] = field(default_factory=lambda: dict(runtime.NAMES))
    loads: dict[tuple[str, Any], tuple[str, str]] = field(default_factory=dict)
    hoisted: list[str] = field(default_factory=list)
    constants: dict[tuple[type, Any], str] = field(default_factory=dict)
    temporaries: int = 0
    depth: int = 0

    def build(self, body: str, name: str) -> Any:
        lines = [line for _, line in self.loads.values()] + self.hoisted
        text = "def formula(facts, env):\n" + "".join(f" {line}\n" for line in lines) + f" {body}\n"
        exec(compile(text, f"<formula {name}>", "exec"), self.names)  # noqa: S102  # made of our own names only
        made = self.names["formula"]
        made.source = text
        return made

    def root(self, term: Term) -> str:
        body = self.emit(term)
        wide = term.type.kind == "number" and any(part.op in OVERFLOWING for part in term.walk())
        if not wide:
            return body
        return f"finite({body})" if not term.blank else f"finite_or_blank({body})"

    def guarded(self, term: Term, line: str, caught: str) -> list[str]:
        if not may_fault(term) and term.type.kind != "number":
            return [line]
        return ["try:", f" {line}", "except FormulaFault as caught:", " fault = caught", f" {caught}"]

    def emit(self, term: Term) -> str:
        """A Python expression; deep ones are moved into local functions, which keeps them lazy."""
        self.depth += 1
        maker = EMITTERS.get(term.op)
        text = maker(self, term) if maker else self.called(term)
        self.depth -= 1
        if self.depth and self.depth % MOST_NESTED == 0 and term.args:
            name = f"h{len(self.hoisted)}"
            self.hoisted.append(f"def {name}(): return {text}")
            return f"{name}()"
        return text

    def emits(self, terms: Iterable[Term]) -> str:
        return ", ".join(self.emit(term) for term in terms)

    def called(self, term: Term) -> str:
        """A registered function by its Python implementation."""
        made = FUNCTIONS[term.op]
        name = "f_" + "".join(c if c.isalnum() and c.isascii() else "_" for c in term.op)
        strict = any(arg.blank and not kept for arg, kept in zip(term.args, kept_flags(term), strict=True))
        self.names[name] = made.run
        if strict:
            name = "s" + name
            self.names[name] = runtime.strict(made.run, zone=made.zone)
        return f"{name}({'env.zone, ' if made.zone else ''}{self.emits(term.args)})"

    def constant(self, value: Any) -> str:
        if value is None or value is True or value is False:
            return repr(value)
        if isinstance(value, float | int):
            return repr(value) if value >= 0 else f"({value!r})"
        key = (type(value), value)
        if key not in self.constants:
            self.constants[key] = f"k{len(self.constants)}"
            self.names[self.constants[key]] = value
        return self.constants[key]

    def load(self, kind: str, key: Any, source: str, type_: Type) -> str:
        """The local name of a fact; a scaled integer becomes the true number once."""
        if (kind, key) not in self.loads:
            name = f"v{len(self.loads)}"
            line = f"{name} = {source}.get({self.constant(key)})"
            if type_.scale:
                line += f"\n if {name} is not None: {name} = {name} / {10**type_.scale}"
            self.loads[kind, key] = (name, line)
        return self.loads[kind, key][0]

    def temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"


def kept_flags(term: Term) -> list[bool]:
    """Which arguments take a blank as it is."""
    params = FUNCTIONS[term.op].params
    return [params[min(i, len(params) - 1)].kept for i in range(len(term.args))]


def loaded(code: Code, term: Term) -> str:
    key = ".".join(term.value) if term.op == "path" else term.value
    return code.load("fact", key, "facts", term.type)


def outer(code: Code, term: Term) -> str:
    inside = term.args[0]
    key = ".".join(inside.value) if inside.op == "path" else inside.value
    return code.load("outer", key, f"facts[{code.constant(runtime.OUTER)}]", inside.type)


def comparing(code: Code, term: Term) -> str:
    a, b = term.args
    kind, op = a.type.kind, term.op
    if kind in ("number", "duration") and not (a.op in EXACT and b.op in EXACT):
        return rounded(code, op, a, b)
    if op in ("=", "<>"):
        return equal(code, op, a, b)
    return ordered(code, op, a, b)


def rounded(code: Code, op: str, a: Term, b: Term) -> str:
    left, right = code.emit(a), code.emit(b)
    if op in ("=", "<>"):
        return f"({'not ' if op == '<>' else ''}equal15({left}, {right}))"
    if op in (">", ">="):
        left, right = right, left
    return f"{'less15' if op in ('<', '>') else 'most15'}({left}, {right})"


def equal(code: Code, op: str, a: Term, b: Term) -> str:
    left, right = code.emit(a), code.emit(b)
    if a.type.kind == "text" and not any(side.op == "const" and side.value for side in (a, b)):
        left, right = (f"({text} or '')" if side.blank else text for text, side in ((left, a), (right, b)))
    if a.type.kind == "boolean":
        left, right = (
            f"({text} == 1)" if side.op != "const" and not side.blank else text
            for text, side in ((left, a), (right, b))
        )
    return f"({left} {INLINE[op]} {right})"


def ordered(code: Code, op: str, a: Term, b: Term) -> str:
    left, right = code.emit(a), code.emit(b)
    text = a.type.kind == "text"
    if all(side.op in EXACT or not (side.blank or may_fault(side)) for side in (a, b)) and not text:
        checks = [f"{made} is not None" for made, side in ((left, a), (right, b)) if side.blank]
        return "(" + " and ".join([*checks, f"{left} {INLINE[op]} {right}"]) + ")"
    if op in (">", ">="):
        left, right = right, left
    return f"{'less' if op in ('<', '>') else 'most'}{'_text' if text else ''}({left}, {right})"


def blank_test(code: Code, term: Term) -> str:
    inside = term.args[0]
    if inside.op == "const":
        return repr(inside.value in (None, ""))
    if inside.type.kind in ("text", "list"):
        return f"(not {code.emit(inside)})"
    return f"({code.emit(inside)} is None)"


def coalesced(code: Code, term: Term) -> str:
    *firsts, last = term.args
    text = code.emit(last)
    for part in reversed(firsts):
        if part.type.kind in ("text", "list"):
            text = f"({code.emit(part)} or {text})"
        else:
            name = code.temporary()
            text = f"({name} if ({name} := {code.emit(part)}) is not None else {text})"
    return text


def cases(code: Code, term: Term) -> str:
    pairs, last = term.args[:-1], code.emit(term.args[-1])
    parts = [f"{code.emit(pairs[i + 1])} if {code.emit(pairs[i])} else " for i in range(0, len(pairs), 2)]
    return f"({''.join(parts)}{last})"


def infix(sign: str) -> Callable[[Code, Term], str]:
    return lambda code, term: "(" + f" {sign} ".join(code.emit(arg) for arg in term.args) + ")"


def lazily(name: str) -> Callable[[Code, Term], str]:
    return lambda code, term: f"{name}({', '.join(f'lambda: {code.emit(arg)}' for arg in term.args)})"


def having(name: str) -> Callable[[Code, Term], str]:
    return lambda code, term: f"{name}({code.emit(term.args[0])} or (), ({code.emits(term.args[1:])},))"


def choice_names(code: Code, term: Term) -> str:
    kind = term.args[0].type
    name = f"l{len(code.names)}"
    code.names[name] = {key: kind.shown(key) for key, _ in kind.options}
    return f"{name}.get({code.emit(term.args[0])})"


EMITTERS: dict[str, Callable[[Code, Term], str]] = {
    "const": lambda code, term: code.constant(term.value),
    "field": loaded,
    "path": loaded,
    "aggregate": loaded,
    "outer": outer,
    "OLD": lambda code, term: code.load("old", term.value, "env.old", term.type),
    "CHANGED": lambda code, term: f"({code.constant(term.value)} in env.changed)",
    "TODAY": lambda code, term: "env.today",
    "NOW": lambda code, term: "env.now",
    "CURRENT_USER": lambda code, term: "env.user",
    "CURRENT_ROLE": lambda code, term: "(env.roles[0] if env.roles else None)",
    "HAS_ROLE": lambda code, term: f"({code.constant(term.value)} in env.roles)",
    "IN_DEPARTMENT": lambda code, term: f"({code.constant(term.value)} in env.departments)",
    "zero": lambda code, term: f"({code.emit(term.args[0])} or 0.0)",
    "empty": lambda code, term: f"({code.emit(term.args[0])} or '')",
    "truth": lambda code, term: f"({code.emit(term.args[0])} == 1)",
    "retype": lambda code, term: code.emit(term.args[0]),
    "boolean number": lambda code, term: f"(1.0 if {code.emit(term.args[0])} else 0.0)",
    "choice text": choice_names,
    "neg": lambda code, term: f"(-{code.emit(term.args[0])})",
    "+": infix("+"),
    "*": infix("*"),
    "/": lambda code, term: f"divided({code.emits(term.args)})",
    "&": lambda code, term: f"joined(({code.emits(term.args)},))",
    "and": infix("and"),
    "or": infix("or"),
    "xor": infix("^"),
    "not": lambda code, term: f"(not {code.emit(term.args[0])})",
    "case": cases,
    "coalesce": coalesced,
    "isblank": blank_test,
    "iferror": lazily("iferror"),
    "iserror": lazily("iserror"),
    "isvalue": lazily("isvalue"),
    "fault": lambda code, term: f"fail({code.constant(term.value)})",
    "among": lambda code, term: f"({code.emit(term.args[0])} in {code.constant(term.value)})",
    "has any": having("has_any"),
    "has all": having("has_all"),
    "list count": lambda code, term: f"float(len({code.emit(term.args[0])} or ()))",
    "same list": lambda code, term: f"same_list({code.emits(term.args)})",
    **dict.fromkeys(INLINE, comparing),
}
