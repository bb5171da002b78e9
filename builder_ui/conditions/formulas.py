"""What a formula editor asks: is the text a formula, what are its names called, what comes out, what could be said."""

from typing import Any

from flask import request

from engines.apps.draft import Draft
from engines.apps.edits import find, has
from engines.core.actions import formulas
from engines.core.formula.check import Checked, check
from engines.core.formula.env import date_at
from engines.core.formula.faults import FormulaFault
from engines.core.formula.functions.base import Function, Param, every, spoken
from engines.core.formula.nodes import Call, Chain, Name, Node, Percent, Sign, Text, Where
from engines.core.formula.problems import KINDS, FormulaError, Problem
from engines.core.formula.types import BOOLEAN, DATE, DATETIME, NUMBER, TEXT
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import Look
from engines.core.records.names import ChildNames, SourceNames
from engines.flow.compile import compile_flow
from engines.form.formulas import CONTEXT
from engines.rule.compile import TRIGGERED
from runtime import render
from runtime.guard import right

from ..base import build, read
from ..sample import newest
from . import fields

KINDS_OF_VALUE = {"number": NUMBER, "text": TEXT, "boolean": BOOLEAN, "date": DATE, "datetime": DATETIME}
MOST = 400
"""Names that an editor is offered."""


@build.post("/<app>/<kind>/<part>/formula")
@right("builder")
def formula(app: str, kind: str, part: str) -> Any:
    """Is this text a formula over the part's form? The problems with their spots, or the formula in words, what its
    names are called and what it gives for the newest record."""
    text, returns, over = (request.form.get(name, "") for name in ("text", "returns", "over"))

    def answer(look: Look, found: Draft) -> dict[str, Any]:
        context = TRIGGERED if kind == "rules" else CONTEXT
        form = request.form.get("form") or form_of(found, kind, part)
        names = _names_in(found, kind, part, over)
        return _checked(look, found, form, text, returns, over, context, names)

    return read(app, answer)


@build.get("/<app>/<kind>/<part>/formula/words")
@right("builder")
def formula_words(app: str, kind: str, part: str) -> Any:
    """Everything that may stand in a formula here: fields, ways to related records, functions."""
    over = request.args.get("over", "")

    def answer(look: Look, found: Draft) -> list[dict[str, str]]:
        try:
            names = names_of(found, request.args.get("form") or form_of(found, kind, part), over)
        except (AppError, LookupError):
            return []
        return [*_fields(names)][:MOST]

    return {"fields": read(app, answer), "functions": [described(one) for one in every()]}


def form_of(found: Draft, kind: str, part: str) -> str:
    """The form that a part is about."""
    body = find(found.definition, [kind, part]) if has(found.definition, [kind, part]) else {}
    if kind == "forms":
        return part
    over = next((one for one in found.definition.get("datasets", ()) if one["id"] == body.get("dataset")), {})
    return str(body.get("form") or body.get("source") or over.get("source") or "")


def names_of(found: Draft, form: str, over: str) -> fields.AnyNames:
    """The names of a form, or of the records that `over` leads to."""
    source = found.compiled.form(form).source
    if not over:
        return SourceNames(source)
    way = source.ways[over]
    return ChildNames(source, way.field) if not way.form else SourceNames(source.others[way.form])


def _names_in(found: Draft, kind: str, part: str, over: str) -> Any:
    """In a flow the outcomes of its steps beside the fields of its form; None elsewhere."""
    if kind != "flows" or over or not has(found.definition, [kind, part]):
        return None
    flow = compile_flow(found.app, find(found.definition, [kind, part]))
    try:
        return formulas.Names(SourceNames(found.compiled.form(flow.form).source), flow.people)
    except (AppError, LookupError):
        return None


def _checked(
    look: Look, found: Draft, form: str, text: str, returns: str, over: str, context: frozenset[str], names: Any
) -> dict[str, Any]:
    if not text.strip():
        return {"ok": True, "words": "", "problems": [], "names": [], "value": ""}
    try:
        made = check(text, names or names_of(found, form, over), context=context, wants=KINDS_OF_VALUE.get(returns))
    except FormulaError as error:
        told = [_problem(one) for one in error.problems]
        return {
            "ok": False,
            "words": told[0]["words"],
            "at": told[0]["from"],
            "problems": told,
            "names": [],
            "value": "",
        }
    except (AppError, LookupError):
        return {"ok": True, "words": "", "problems": [], "names": [], "value": ""}
    value = "" if over else preview(look, found, form, text, returns)
    return {
        "ok": True,
        "words": made.labelled(render.language()),
        "problems": [],
        "names": _spots(made),
        "value": value,
    }


def _problem(one: Problem) -> dict[str, Any]:
    return {"from": one.start, "to": max(one.end, one.start + 1), "words": render.label(one.words)}


def _spots(made: Checked) -> list[dict[str, Any]]:
    """Where names stand in the text, and what they are called."""
    found = []
    for node in _nodes(made.node) if made.node else ():
        ids, labels = made.shown.get(id(node), ((), {}))
        words = " · ".join(labels.get(render.language()) or ids)
        if words and isinstance(node, Name | Text):
            shown = words if isinstance(node, Name) else f"“{words}”"
            found.append({"from": node.start, "to": node.end, "words": shown})
    return found


def _nodes(node: Node) -> list[Node]:
    """The node and everything in it."""
    parts: tuple[Node, ...] = ()
    if isinstance(node, Call):
        parts = node.args
    elif isinstance(node, Chain):
        parts = (node.first, *(part for _, part in node.rest))
    elif isinstance(node, Where):
        parts = (node.value, node.condition)
    elif isinstance(node, Sign | Percent):
        parts = (node.operand,)
    return [node, *(one for part in parts for one in _nodes(part))]


def preview(look: Look, found: Draft, form: str, text: str, returns: str) -> str:
    """What the formula gives for the newest record of the live form, "name: value"; "" where it cannot be said."""
    if form not in found.live.forms:
        return ""
    try:
        sample = newest(look, found.live.form(form))
        if sample is None:
            return ""
        made = check(text, sample.names, context=TRIGGERED, wants=KINDS_OF_VALUE.get(returns))
        value = "…" if sample.hidden(made) else written(sample.value(made), made, found.live.zone)
    except FormulaFault as fault:
        value = fault.code
    except (FormulaError, AppError, LookupError):
        return ""
    return f"{sample.title}{'：' if render.language() == 'zh' else ': '}{value}"


def written(value: Any, made: Checked, zone: str) -> str:
    """A value in a few words."""
    kind = made.type
    if value is None or value == ():
        return {"zh": "空", "en": "empty"}[render.language()]
    if kind.kind == "boolean":
        return {"zh": ("否", "是"), "en": ("no", "yes")}[render.language()][bool(value)]
    if kind.kind == "choice":
        return kind.shown(str(value))
    if kind.kind == "list":
        return ", ".join(kind.item.shown(str(one)) if kind.item else str(one) for one in value)
    if kind.kind == "datetime":
        return date_at(value, zone)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _fields(names: fields.AnyNames) -> list[dict[str, str]]:
    """Own fields first, then those over a link, then related records with their fields."""
    found = []
    for title, choices in fields.menu(names):
        for one in choices:
            if one.value.startswith(fields.ABSENT):
                continue
            value = one.value.removeprefix(fields.RELATED)
            related = value != one.value
            found.append(
                {
                    "id": value,
                    "words": one.words,
                    "kind": "related" if related else "field",
                    "of": title if not related else "",
                }
            )
            if related and isinstance(names, SourceNames):
                inner = fields.inner_names(names, fields.related(names, value))
                found += [
                    {
                        "id": f"{value}.{f.value}",
                        "words": f"{one.words} · {f.words}",
                        "kind": "related",
                        "of": one.words,
                    }
                    for f in fields.own(inner)
                ]
    return found


def described(made: Function) -> dict[str, str]:
    language = render.language()
    name = spoken(made.name, language)
    return {"name": made.name, "words": name, "aliases": " ".join(made.aliases), "signature": signature(made, name),
            "help": render.label(made.words), "example": made.example, "group": made.group}  # fmt: skip


def signature(made: Function, name: str) -> str:
    """`ROUND(number, [number])`; the example where the function reads its arguments in a way of its own."""
    if made.shape is not None and not made.params:
        return made.example
    return f"{name}({', '.join(_param(one) for one in made.params)})"


def _param(one: Param) -> str:
    language = 0 if render.language() == "zh" else 1
    words = "|".join(f'"{word}"' for word in one.words) or KINDS.get(one.kind, (one.kind, one.kind))[
        language
    ].removeprefix("a ")
    more = f"{words}, …" if one.many else words
    return f"[{more}]" if one.optional else more
