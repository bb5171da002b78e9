"""What a page sent, as raw values: one way of reading for each widget that is more than one input."""

import json
from typing import Any

from werkzeug.datastructures import MultiDict

from engines.core.fields import field_types
from engines.core.fields.lengths import written
from engines.core.fields.values import writable
from engines.core.kernel.kind import Definition

Sent = MultiDict[str, str]


def given(fields: list[Definition], sent: Sent, prefix: str = "") -> dict[str, Any]:
    """Raw values by field id; a control that sends nothing when it is empty counts as blank. Fields that nobody fills
    in are left out."""
    return {f["id"]: value(f, sent, prefix + f["id"]) for f in fields if writable(f) and not f.get("read_only")}


def value(field: Definition, sent: Sent, name: str) -> Any:
    """The raw value of one control."""
    widget = field_types.get(field["type"]).widget
    if widget in READERS:
        return READERS[widget](field, sent, name)
    return sent.getlist(name) if _several(field) else sent.get(name, "")


def _several(field: Definition) -> bool:
    kind = field_types.get(field["type"])
    return kind.links(field) is not None or bool(field.get("multiple"))


def _checkbox(field: Definition, sent: Sent, name: str) -> Any:
    return sent.get(name) == "true"


def _ids(field: Definition, sent: Sent, name: str) -> Any:
    return [one for one in sent.getlist(name) if one]


def _rows(field: Definition, sent: Sent, name: str) -> Any:
    """Rows in the order of their marks on the page."""
    rows = []
    for mark in sent.getlist(name):
        if mark and mark != "NEW":
            row = given(field["fields"], sent, f"{name}-{mark}-")
            rows.append({"_id": sent.get(f"{name}-{mark}-_id") or None} | row)
    return rows


def _labels(field: Definition, sent: Sent, name: str) -> Any:
    texts = {code: sent.get(f"{name}.{code}", "").strip() for code in ("zh", "en")}
    return {code: text for code, text in texts.items() if text} or None


def _length(field: Definition, sent: Sent, name: str) -> Any:
    """A number and its unit; without the two as one text."""
    number = sent.get(f"{name}.n", "").strip()
    return written(number, sent.get(f"{name}.unit", "H")) if number else sent.get(name, "")


def _options(field: Definition, sent: Sent, name: str) -> Any:
    found = []
    for mark in sent.getlist(name):
        texts = {code: sent.get(f"{name}-{mark}-{code}", "").strip() for code in ("zh", "en")}
        label = {code: text for code, text in texts.items() if text}
        if label:
            option = {"id": sent.get(f"{name}-{mark}-id", "").strip(), "label": label}
            found.append(option | {"tone": sent.get(f"{name}-{mark}-tone", "grey")})
    return found


def _json(field: Definition, sent: Sent, name: str) -> Any:
    text = sent.get(name, "").strip()
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


READERS = {
    "checkbox": _checkbox,
    "file": _ids,
    "image": _ids,
    "subform": _rows,
    "labels": _labels,
    "length": _length,
    "options": _options,
    "json": _json,
}
