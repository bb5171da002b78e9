"""Any JSON value in a panel, of a given shape and not too large; kept as JSON text."""

from typing import Any

import orjson

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import field_types
from ..json_text import JsonText
from ..schemas import checker

MOST = 64
POINT = {"schema": {"type": "object", "required": ["x"], "properties": {"x": {"type": "number"}}}}


@field_types.register
class Json(JsonText):
    """Text is a value like any other: JSON typed into a text area goes through `from_text` first."""

    type = "json"
    label = {"zh": "JSON", "en": "JSON"}
    icon = "grid"
    widget = "json"
    config = [
        {"id": "schema", "type": "json", "label": {"zh": "JSON Schema", "en": "JSON Schema"}},
        {"id": "max_size", "type": "number", "label": {"zh": "最大 KB", "en": "Largest, KB"}, "min": 1, "max": 1024},
    ]
    examples = [
        ({}, {"a": [1, None, "甲"]}, '{"a":[1,null,"甲"]}'),
        ({}, "甲", '"甲"'),
        ({}, False, "false"),
        (POINT, {"x": 1.5}, '{"x":1.5}'),
    ]
    rejects = [
        (POINT, {"y": 1}, "wrong_shape"),
        (POINT, [1], "wrong_shape"),
    ]
    reasons = {
        "not_json": {"zh": "要填 JSON", "en": "Must be JSON"},
        "too_large": {"zh": "最大 {most} KB，现在 {size} KB", "en": "At most {most} KB, this has {size} KB"},
        "wrong_shape": {"zh": "{at} 处不对：{told}", "en": "At {at}: {told}"},
    }

    def parse(self, raw: Any, field: Definition) -> str:
        try:
            text = orjson.dumps(raw)
        except (orjson.JSONEncodeError, RecursionError):
            raise Rejected("not_json") from None
        most = float(field.get("max_size", MOST))
        if len(text) > most * 1024:
            raise Rejected("too_large", most=most, size=round(len(text) / 1024, 1))
        _shaped(raw, field)
        return text.decode()

    def schema(self, field: Definition) -> Definition:
        return dict(field.get("schema", {}))


def _shaped(raw: Any, field: Definition) -> None:
    error = next(checker(field["schema"]).iter_errors(raw), None) if "schema" in field else None
    if error is not None:
        at = "/" + "/".join(str(step) for step in error.absolute_path)
        raise Rejected("wrong_shape", at=at, told=error.message[:200])
