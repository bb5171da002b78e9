"""Decision tables: a grid of tests; a column is a formula, a row gives the field its value."""

import json
import re
from typing import Any

from engines.core.formula.env import Env
from engines.core.formula.types import Type
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records.names import SourceNames
from engines.rule.gaps import findings
from runtime import render

from ..base import Designer, Edit, Page, Sent, designer
from ..conditions import fields
from ..panel import controls, sent_value
from ..references import choices_of
from .cells import first_option, kind_of, outcome, pasted, tidy
from .designer import toggled

PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "form", "type": "form_ref", "label": {"zh": "看哪张表单", "en": "Form"}, "required": True},
    {"id": "sets", "type": "field_ref", "label": {"zh": "写入哪个字段", "en": "Field it sets"}, "required": True},
]


@designer
class Tables(Designer):
    """Every cell is edited where it stands."""

    kind = "tables"
    folder = "tables"

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, field, wrong = page.body, _set_field(page), page.part_problems()
        choices = choices_of(page, body, str(body["form"]))
        names = _names(page)
        return {
            "body": body,
            "field": field,
            "options": [(o["id"], render.label(o["label"])) for o in field.get("options", ())],
            "panel": controls(PANEL, body, choices, page=page),
            "wrong": [(_place(body, path), words) for path, words in wrong],
            "bad": {tuple(path.split("/")[2:]): render.label(words) for path, words in wrong},
            "policies": _policies(field),
            "columns": _columns(names),
            "found": _findings(look, page, names),
            "form_label": next((f["label"] for f in page.parts("forms") if f["id"] == body["form"]), {"en": "?"}),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op not in OPS:
            raise NotFound(op=op)
        what, args = OPS[op](page, sent)
        return what, args, page.sel


def _set_field(page: Page) -> Definition:
    form = next((one for one in page.parts("forms") if one["id"] == page.body["form"]), {"fields": []})
    return next((f for f in form["fields"] if f["id"] == page.body["sets"]), {})


POLICIES: dict[str, tuple[Label, Label]] = {
    "first": (
        {"zh": "从上到下第一行", "en": "First row"},
        {"zh": "几行都成立时，上面的算数", "en": "Where several rows hold, the upper one counts"},
    ),
    "unique": (
        {"zh": "只许一行", "en": "One row only"},
        {"zh": "两行会同时成立而结果不同，就算问题", "en": "Two rows that hold together and differ are a problem"},
    ),
    "collect": (
        {"zh": "全部收集", "en": "All rows"},
        {"zh": "成立的行各给一个标签；要写入标签字段", "en": "Each row that holds gives a tag; needs a field of tags"},
    ),
}  # fmt: skip
"""Which rows count: words, and what that means."""


def _policies(field: Definition) -> list[tuple[str, Label, Label, bool]]:
    """(id, words, meaning, can it be chosen)."""
    tags = field.get("type") == "tags"
    return [(name, words, meaning, tags or name != "collect") for name, (words, meaning) in POLICIES.items()]


def _names(page: Page) -> SourceNames | None:
    try:
        return SourceNames(page.draft.compiled.form(page.body["form"]).source)
    except (AppError, LookupError):
        return None


def _columns(names: SourceNames | None) -> fields.Menu:
    """What a new column may ask about."""
    found = fields.menu(names) if names else []
    return [(words, [one for one in choices if not one.value.startswith(fields.ABSENT)]) for words, choices in found]


def _findings(look: Look, page: Page, names: SourceNames | None) -> dict[str, Any]:
    """Gaps in words with the cells that would take them, rows that are never reached, rows that hold for nothing."""
    body = page.body
    if names is None:
        return {}
    required = frozenset(name for name, f in names.source.fields.items() if f.get("required"))
    found = findings(body, names, Env(look.now, names.source.zone), filled=required)
    if found is None:
        return {}
    open_ended = body.get("default") is None and body.get("hit") != "collect"
    return {
        "gaps": [(_cells_said(body, names, cells), json.dumps(cells)) for cells in found.gaps] if open_ended else [],
        "never": set(found.never) if body.get("hit", "first") == "first" else set(),
        "dead": set(found.dead),
        "proven": found.proven,
    }


def _cells_said(body: Definition, names: SourceNames, cells: tuple[str, ...]) -> str:
    """ "Spent > 5000, tier Gold": what a row of cells takes."""
    empty = {"zh": "为空", "en": "is empty"}[render.language()]
    said = []
    for column, cell in zip(body["inputs"], cells, strict=True):
        if cell:
            label = render.label(column["label"]) if column.get("label") else column["formula"]
            said.append(f"{label} {empty if cell == 'BLANK' else _cell_said(column['formula'], names, cell)}")
    return ("、" if render.language() == "zh" else ", ").join(said)


def _cell_said(formula: str, names: SourceNames, cell: str) -> str:
    """A cell with the labels of options in place of their ids."""
    kind = kind_of(formula, names)
    if kind is None or kind.kind != "choice":
        return cell
    shown = {option: label[0] if render.language() == "zh" else label[-1] for option, label in kind.options if label}
    return re.sub(r'"([^"]*)"', lambda found: shown.get(found[1], found[1]), cell)


def _place(body: Definition, path: str) -> str:
    """Where in the table a problem is, in words."""
    steps, zh = path.strip("/").split("/"), render.language() == "zh"
    if steps[0] == "inputs" and len(steps) > 1:
        return f"第 {int(steps[1]) + 1} 列" if zh else f"Column {int(steps[1]) + 1}"
    if steps[0] != "rows" or len(steps) < 2:
        return ""
    row = f"第 {int(steps[1]) + 1} 行" if zh else f"Row {int(steps[1]) + 1}"
    if len(steps) > 3:
        column = body["inputs"][int(steps[3])]
        return f"{row} · {render.label(column['label']) if column.get('label') else column['formula']}"
    return row


def _at(page: Page, *steps: str) -> list[str]:
    return ["tables", page.part, *steps]


def _cell(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """One test of one row."""
    row, col = sent["row"], sent.get("col", 0, type=int)
    cells = list(page.body["rows"][int(row)]["when"])
    cells[col] = tidy(sent.get("text", ""), _kinds(page)[col])
    return "set", {"at": _at(page, "rows", row, "when"), "value": cells}


def _kinds(page: Page) -> list[Type | None]:
    """What each column holds."""
    names = _names(page)
    return [kind_of(str(one["formula"]), names) if names else None for one in page.body["inputs"]]


def _paste(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """A block of a spreadsheet, as one edit; what cannot be read stays in its cell, for the problem to name it."""
    at = sent.get("row", 0, type=int), sent.get("col", 0, type=int)
    rows = pasted(page.body, _set_field(page), _kinds(page), at, sent.get("text", ""))
    return "set", {"at": _at(page, "rows"), "value": rows}


def _hit(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """Which rows count."""
    if sent["value"] not in POLICIES:
        raise NotFound(hit=sent["value"])
    return "set", {"at": _at(page, "hit"), "value": sent["value"]}


def _gives(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """What a row gives, or what stands when none does."""
    value = outcome(sent.get("text", ""), _set_field(page))
    if sent["row"] == "default":
        return "set", {"at": _at(page, "default"), "value": value}
    row = {name: v for name, v in page.body["rows"][int(sent["row"])].items() if name != "then"}
    return "set", {"at": _at(page, "rows", sent["row"]), "value": row | {"then": value}}


def _head(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """The formula or the label of a column."""
    col, text = sent["col"], sent.get("text", "").strip()
    if sent.get("name") == "label":
        label = dict(page.body["inputs"][int(col)].get("label", {}))
        label |= {render.language(): text}
        return "set", {"at": _at(page, "inputs", col, "label"), "value": {k: v for k, v in label.items() if v} or None}
    return "set", {"at": _at(page, "inputs", col, "formula"), "value": text}


def _add_row(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """An open row, or one with the cells that a gap needs."""
    cells = json.loads(sent["cells"]) if sent.get("cells") else [""] * len(page.body["inputs"])
    if len(cells) != len(page.body["inputs"]) or not all(isinstance(cell, str) for cell in cells):
        raise NotFound(cells=sent["cells"])
    row = {"when": cells, "then": first_option(_set_field(page))}
    return "add", {"at": _at(page, "rows"), "value": row, "index": sent.get("index", len(page.body["rows"]), type=int)}


def _drop_row(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    return "remove", {"at": _at(page, "rows", sent["row"])}


def _move_row(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    to = max(0, sent.get("to", int(sent["row"]) + sent.get("by", 1, type=int), type=int))
    return "move", {"at": _at(page, "rows", sent["row"]), "index": to}


def _with_inputs(page: Page, inputs: list[Definition], cells: Any) -> tuple[str, dict[str, Any]]:
    """Columns and rows at once, as one edit."""
    rows = [row | {"when": cells(list(row["when"]))} for row in page.body["rows"]]
    return "set", {"at": _at(page), "value": page.body | {"inputs": inputs, "rows": rows}}


def _add_col(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """A column that asks about a field, or how many related records there are."""
    names, value = _names(page), sent.get("field", "")
    choices = [one for _, choices in _columns(names) for one in choices]
    chosen = next((one for one in choices if one.value == value), choices[0] if choices and not value else None)
    if chosen is None:
        raise NotFound(field=value)
    related = chosen.value.startswith(fields.RELATED)
    formula = f"COUNT({chosen.value.removeprefix(fields.RELATED)})" if related else chosen.value
    new = {"formula": formula, "label": {render.language(): chosen.words}}
    return _with_inputs(page, [*page.body["inputs"], new], lambda cells: [*cells, ""])


def _drop_col(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    n = int(sent["col"])
    inputs = [one for i, one in enumerate(page.body["inputs"]) if i != n]
    return _with_inputs(page, inputs, lambda cells: [one for i, one in enumerate(cells) if i != n])


def _move_col(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    n = int(sent["col"])
    to = min(max(0, n + sent.get("by", 1, type=int)), len(page.body["inputs"]) - 1)

    def moved(items: list[Any]) -> list[Any]:
        items = list(items)
        items.insert(to, items.pop(n))
        return items

    return _with_inputs(page, moved(page.body["inputs"]), moved)


def _set(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    value = sent_value(PANEL, page.body, sent)
    return "set", {"at": _at(page, sent["name"]), "value": value}


def _switch(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    return toggled(page, sent)[:2]


OPS: dict[str, Any] = {
    "set": _set,
    "toggle": _switch,
    "cell": _cell,
    "paste": _paste,
    "hit": _hit,
    "gives": _gives,
    "head": _head,
    "add_row": _add_row,
    "drop_row": _drop_row,
    "move_row": _move_row,
    "add_col": _add_col,
    "drop_col": _drop_col,
    "move_col": _move_col,
}
