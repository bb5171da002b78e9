"""Settings that are JSON in a definition and a small table on the page: assignments, people, columns, deadlines."""

import json
from dataclasses import dataclass
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.values import fits_in_rows
from engines.core.kernel.kind import Definition

from .flows.assignees import code, meant

Rows = list[Definition]


def _text(name: str, zh: str, en: str, **more: Any) -> Definition:
    return {"id": name, "type": "text", "label": {"zh": zh, "en": en}, **more}


def _select(name: str, zh: str, en: str, options: dict[str, tuple[str, str]], **more: Any) -> Definition:
    made = [{"id": key, "label": {"zh": one, "en": other}} for key, (one, other) in options.items()]
    return {"id": name, "type": "select", "label": {"zh": zh, "en": en}, "options": made, **more}


PICKS = {
    "all": ("所有人", "All of them"),
    "round_robin": ("轮流", "Each in turn"),
    "least_loaded": ("待办最少的", "Fewest open tasks"),
}
DOES = {
    "remind": ("催办", "Remind"),
    "escalate": ("升级", "Escalate"),
    "approve": ("当作同意", "Approve"),
    "reject": ("当作拒绝", "Reject"),
    "edge": ("走另一条路", "Take another way"),
}
MODES = {
    "add": ("和原来的人一起", "Together with whoever had it"),
    "replace": ("不再归原来的人", "Instead of whoever had it"),
}
SIDES = {"on": ("当天", "On the day"), "before": ("之前", "Before it"), "after": ("之后", "After it")}
HOUR = "PT1H"
OF_A_DEADLINE = {"escalate": ("to", "mode"), "edge": ("port",), "remind": ("repeat", "max")}
"""Settings of a deadline beside `after` and `do`, by what it does."""


@dataclass(frozen=True)
class Shape:
    """A table in place of JSON: its columns, and the way there and back."""

    columns: tuple[Definition, ...]

    def field(self, setting: Definition, choices: Any) -> Definition:
        shown = {name: setting[name] for name in ("id", "label", "help", "required") if name in setting}
        return shown | {"type": "subform", "fields": list(self.columns), "width": 12}

    def rows(self, value: Any) -> Rows:
        return list(value or ())

    def value(self, rows: Rows) -> Any:
        return [{name: v for name, v in row.items() if name != "_id" and v not in ("", None, False)} for row in rows]


class Values(Shape):
    """`[{field, value | formula}]`: a literal is written as a formula writes it."""

    def rows(self, value: Any) -> Rows:
        return [
            {"field": one["field"], "formula": one.get("formula", literal(one.get("value")))} for one in value or ()
        ]

    def value(self, rows: Rows) -> Any:
        found = []
        for row in rows:
            text = str(row.get("formula") or "").strip()
            if row.get("field"):
                found.append({"field": row["field"], **_given(text)})
        return found


class Who(Shape):
    """`[{way: value, pick}]`: each way with its value is one choice."""

    def rows(self, value: Any) -> Rows:
        return [{"who": code(one), "pick": one.get("pick")} for one in value or ()]

    def value(self, rows: Rows) -> Any:
        found = [(meant(str(row.get("who") or "")), row.get("pick")) for row in rows]
        return [one | ({"pick": pick} if pick else {}) for one, pick in found if one]


class Deadlines(Shape):
    """`[{after, do, …}]`; an escalation goes to the supervisor of whoever has the task unless it says else; a row that
    is begun reminds after an hour."""

    def rows(self, value: Any) -> Rows:
        return [_deadline_row(one) for one in value or ()]

    def value(self, rows: Rows) -> Any:
        return [_deadline({"after": HOUR, "do": "remind"} | _filled(row)) for row in rows if _filled(row)]


class Columns(Shape):
    """The fields of child rows; settings that the table does not show are kept in `rest`."""

    def rows(self, value: Any) -> Rows:
        return [
            one | {"rest": json.dumps(_extra(one), ensure_ascii=False) if _extra(one) else ""} for one in value or ()
        ]

    def value(self, rows: Rows) -> Any:
        found: list[Definition] = []
        for n, row in enumerate(rows, 1):
            if not row.get("label"):
                continue
            kept = _json(row.get("rest"))
            name = row.get("id") or f"col_{n}"
            column = kept | {"id": name, "type": row.get("type") or "text", "label": row["label"]}
            found.append(column | ({"required": True} if row.get("required") else {}))
        return found


class Kept(Shape):
    """A list of objects of which the table shows some settings; the others stay as they are in `rest`."""

    def _shown(self) -> set[str]:
        return {one["id"] for one in self.columns}

    def rows(self, value: Any) -> Rows:
        return [self.row(one) for one in value or ()]

    def row(self, one: Definition) -> Definition:
        rest = {name: v for name, v in one.items() if name not in self._shown()}
        return one | {"rest": json.dumps(rest, ensure_ascii=False) if rest else ""}

    def value(self, rows: Rows) -> Any:
        found = [self.back(row) for row in rows]
        return [one for one in found if one]

    def back(self, row: Definition) -> Definition:
        shown = {n: v for n, v in row.items() if n not in ("_id", "rest") and v not in ("", None, False, [])}
        return _json(row.get("rest")) | shown if shown else {}


class Reverse(Shape):
    """`{id, label}` in a table of one row."""

    def rows(self, value: Any) -> Rows:
        return [value] if value else []

    def value(self, rows: Rows) -> Any:
        found = [row for row in rows if row.get("id") and row.get("label")]
        return {"id": found[0]["id"], "label": found[0]["label"]} if found else None


class OnADay(Shape):
    """`{field, offset, time}` in a table of one row; an offset such as -P3D is before the day."""

    def rows(self, value: Any) -> Rows:
        if not value:
            return []
        offset = str(value.get("offset", ""))
        side = "on" if not offset else "before" if offset.startswith("-") else "after"
        return [value | {"side": side, "length": offset.removeprefix("-")}]

    def value(self, rows: Rows) -> Any:
        found = next((row for row in rows if row.get("field")), None)
        if found is None:
            return None
        sign = {"before": "-", "after": ""}.get(str(found.get("side")))
        offset = {"offset": sign + found["length"]} if sign is not None and found.get("length") else {}
        return {"field": found["field"]} | offset | ({"time": found["time"]} if found.get("time") else {})


def literal(value: Any) -> str:
    """A stored literal as a formula writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return json.dumps(value, ensure_ascii=False) if value is not None else ""


def _given(text: str) -> Definition:
    if text in ("TRUE", "FALSE"):
        return {"value": text == "TRUE"}
    try:
        return {"value": json.loads(text)}
    except ValueError:
        return {"formula": text} if text else {"value": None}


def _json(text: Any) -> Definition:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _extra(column: Definition) -> Definition:
    return {name: value for name, value in column.items() if name not in ("id", "type", "label", "required")}


def _deadline_row(one: Definition) -> Definition:
    """What the table has no column for stands in `rest`."""
    to = one.get("to", [])
    shown = {"after", "do", *OF_A_DEADLINE.get(one["do"], ())} - ({"to"} if len(to) > 1 else set())
    rest = {name: value for name, value in one.items() if name not in shown}
    row = {name: one[name] for name in shown - {"to"} if name in one}
    return row | {
        "who": code(to[0]) if len(to) == 1 else None,
        "rest": json.dumps(rest, ensure_ascii=False) if rest else "",
    }


def _filled(row: Definition) -> Definition:
    return {name: value for name, value in row.items() if name != "_id" and value not in ("", None, False)}


def _deadline(row: Definition) -> Definition:
    given = {name: row[name] for name in OF_A_DEADLINE.get(row["do"], ()) if row.get(name) not in (None, "")}
    if row["do"] == "escalate":
        to = meant(str(row.get("who") or ""))
        given = {"to": [to or {"supervisor": "assignee"}], "mode": "add"} | given
    if row["do"] == "edge":
        given = {"port": "late"} | given
    if "max" in given:
        given["max"] = int(given["max"])
    return {"after": row["after"], "do": row["do"]} | given | _json(row.get("rest"))


ID = _text("id", "编号", "Id", max_length=23)
LABEL = {"id": "label", "type": "labels", "label": {"zh": "标题", "en": "Label"}}
TYPE = _select("type", "类型", "Type", {t.type: (t.label["zh"], t.label["en"]) for t in field_types if t.in_palette
               and not t.assigned and t.type not in ("formula", "lookup", "rollup", "subform")
               and fits_in_rows({"id": "x", "type": t.type, "form": "x", "options": []})})  # fmt: skip
REST = {"id": "rest", "type": "text", "label": {"zh": "其他设置", "en": "Other settings"}}
MUST = {"id": "required", "type": "checkbox", "label": {"zh": "必填", "en": "Required"}}
FIELD = {"id": "field", "type": "field_ref", "label": {"zh": "字段", "en": "Field"}}
BUCKETS = {"hour": ("小时", "Hour"), "day": ("天", "Day"), "week": ("周", "Week"), "month": ("月", "Month"),
           "quarter": ("季度", "Quarter"), "year": ("年", "Year")}  # fmt: skip
SUMS = {
    "count": ("计数", "Count"),
    "sum": ("求和", "Sum"),
    "average": ("平均", "Average"),
    "median": ("中位数", "Median"),
    "min": ("最小", "Smallest"),
    "max": ("最大", "Largest"),
    "count_distinct": ("不重复计数", "Different values"),
    "last": ("最近的值", "Last value"),
}
FORMATS = {"number": ("数字", "Number"), "money": ("金额", "Money"), "percent": ("百分比", "Percent"),
           "duration": ("时长", "Duration")}  # fmt: skip
SHAPES: dict[str, Shape] = {
    "steps": Kept((LABEL, _text("when", "条件", "Only those where"), ID)),
    "measures": Kept(
        (
            ID,
            LABEL,
            _select("agg", "怎么算", "How", SUMS),
            _text("field", "哪个字段", "Of field"),
            _text("where", "只算哪些", "Only where"),
            _select("format", "显示成", "Shown as", FORMATS),
            REST,
        )
    ),
    "values": Values((FIELD, _text("formula", "值或公式", "Value or formula"))),
    "assign": Who(
        (
            {"id": "who", "type": "field_ref", "label": {"zh": "谁", "en": "Who"}},
            _select("pick", "给几个人", "Which", PICKS),
        )
    ),
    "deadlines": Deadlines(
        (
            {"id": "after", "type": "length", "label": {"zh": "多久以后", "en": "After"}},
            _select("do", "做什么", "Do", DOES),
            {"id": "who", "type": "field_ref", "label": {"zh": "升级给谁", "en": "To whom"}},
            _select("mode", "原来的人", "Whoever had it", MODES),
            _text("port", "出口叫什么", "Name of the way", max_length=32),
            {"id": "repeat", "type": "length", "label": {"zh": "每隔多久再催", "en": "Again every"}},
            {"id": "max", "type": "number", "label": {"zh": "最多几次", "en": "At most, times"}, "scale": 0, "min": 1},
            REST,
        )
    ),
    "at": OnADay(
        (
            FIELD,
            _select("side", "前还是后", "Before or after", SIDES),
            {"id": "length", "type": "length", "label": {"zh": "隔多久", "en": "How far"}},
            _text("time", "几点，如 09:00", "Time of day, such as 09:00", max_length=5),
        )
    ),
    "fields": Columns((LABEL, TYPE, ID, MUST, REST)),
    "reverse": Reverse((ID, LABEL)),
}
"""By the `shape` that a setting names, else by its id."""


def shape_of(setting: Definition) -> Shape | None:
    """The table in place of a JSON setting."""
    return SHAPES.get(setting.get("shape", setting["id"])) if setting["type"] == "json" else None
