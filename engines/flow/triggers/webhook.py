"""Another program calls: what it sends becomes a record, and the flow starts on it."""

from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

from ..base import Trigger, trigger_types

MAPPING = {
    "type": "array",
    "maxItems": 100,
    "items": {
        "type": "object",
        "required": ["field", "path"],
        "additionalProperties": False,
        "properties": {"field": {"type": "string"}, "path": {"type": "string", "maxLength": 200}},
    },
}


class BadHook(AppError):
    code = "bad_hook"
    words = {"zh": "收到的内容里没有「{path}」", "en": "What came in has no '{path}'"}


@trigger_types.register
class WebhookIn(Trigger):
    """`hook` is the last part of the address; `secret` signs (`secret:NAME`); `values` says which field takes what,
    by a path such as `order.items.0.sku`."""

    type = "webhook"
    label = {"zh": "收到 Webhook", "en": "When a webhook comes in"}
    icon = "link"
    on_records = False
    config = [
        {
            "id": "hook",
            "type": "text",
            "label": {"zh": "地址末段", "en": "End of the address"},
            "required": True,
            "max_length": 40,
            "pattern": "^[a-z][a-z0-9_-]*$",
        },
        {
            "id": "secret",
            "type": "text",
            "label": {"zh": "签名密钥，如 secret:shop", "en": "Secret, such as secret:shop"},
            "max_length": 80,
        },
        {
            "id": "values",
            "type": "json",
            "label": {"zh": "字段对应", "en": "Fields"},
            "required": True,
            "schema": MAPPING,
        },
    ]
    examples = [({"hook": "orders", "values": [{"field": "no", "path": "order.no"}]},)]


def picked(body: Any, values: list[Definition]) -> dict[str, Any]:
    """The form's values out of a JSON body; BadHook names a path that is not there."""
    return {one["field"]: _at(body, one["path"]) for one in values}


def _at(body: Any, path: str) -> Any:
    found = body
    for part in path.split("."):
        if isinstance(found, dict) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            raise BadHook(path=path)
    return found
