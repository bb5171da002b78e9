"""Decision tables: a grid of tests; a column is a formula, a row gives the field its value."""

from typing import Any

from engines.core.kernel.errors import Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from runtime import render

from .base import Designer, Edit, Page, Sent, designer
from .panel import PREFIX, controls, sent_value
from .references import choices_of
from .rules import toggled

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
        body, field = page.body, _set_field(page)
        choices = choices_of(page, body, str(body["form"]))
        return {
            "body": body,
            "field": field,
            "options": [(o["id"], render.label(o["label"])) for o in field.get("options", ())],
            "panel": controls(PANEL, body, choices, page=page),
            "wrong": page.part_problems(),
            "bad_rows": {int(p.split("/")[2]) for p, _ in page.part_problems() if p.startswith("/rows/")},
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


def _at(page: Page, *steps: str) -> list[str]:
    return ["tables", page.part, *steps]


def _cell(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """One test of one row."""
    row, col = sent["row"], sent.get("col", 0, type=int)
    cells = list(page.body["rows"][int(row)]["when"])
    cells[col] = sent.get("text", "").strip()[:500]
    return "set", {"at": _at(page, "rows", row, "when"), "value": cells}


def _gives(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    """What a row gives, or what stands when none does."""
    text, field = sent.get("text", "").strip(), _set_field(page)
    value: Any = text or None
    if field.get("type") in ("number", "money", "percent", "rating") and text:
        try:
            value = float(text) if "." in text else int(text)
        except ValueError as wrong:
            raise Invalid({PREFIX + "then": Rejected("required")}) from wrong
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
    options = _set_field(page).get("options") or [{"id": ""}]
    row = {"when": [""] * len(page.body["inputs"]), "then": options[0]["id"]}
    return "add", {"at": _at(page, "rows"), "value": row, "index": sent.get("index", len(page.body["rows"]), type=int)}


def _drop_row(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    return "remove", {"at": _at(page, "rows", sent["row"])}


def _move_row(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    to = max(0, int(sent["row"]) + sent.get("by", 1, type=int))
    return "move", {"at": _at(page, "rows", sent["row"]), "index": to}


def _with_inputs(page: Page, inputs: list[Definition], cells: Any) -> tuple[str, dict[str, Any]]:
    """Columns and rows at once, as one edit."""
    rows = [row | {"when": cells(list(row["when"]))} for row in page.body["rows"]]
    return "set", {"at": _at(page), "value": page.body | {"inputs": inputs, "rows": rows}}


def _add_col(page: Page, sent: Sent) -> tuple[str, dict[str, Any]]:
    form = next(one for one in page.parts("forms") if one["id"] == page.body["form"])
    new = {"formula": form["fields"][0]["id"], "label": form["fields"][0]["label"]}
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
    "gives": _gives,
    "head": _head,
    "add_row": _add_row,
    "drop_row": _drop_row,
    "move_row": _move_row,
    "add_col": _add_col,
    "drop_col": _drop_col,
    "move_col": _move_col,
}
