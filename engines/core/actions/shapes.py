"""Shapes that several panels share: who is meant, and what happens when nobody acts."""

from engines.core.jobs.duration import PATTERN
from engines.core.kernel.kind import Definition

PERSON = {"enum": ["starter", "assignee"]}
FIELD = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,22}$"}
WAYS: Definition = {
    "users": {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1, "maxItems": 100},
    "role": {"type": "string", "maxLength": 32},
    "field": FIELD,
    "starter": {"const": True},
    "admin": {"const": True},
    "supervisor": {"anyOf": [PERSON, {"type": "string", "pattern": "^field:[a-z][a-z0-9_]{0,22}$"}]},
    "department_head": FIELD,
}
"""`users`: names or ids; `role`: everybody who has it; `field`: the person or people in it; `supervisor` of the
starter, of the assignee at hand or of `field:owner`; `department_head` of the department in a field."""

WHO: Definition = {
    "type": "array",
    "minItems": 1,
    "maxItems": 20,
    "items": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": WAYS | {"pick": {"enum": ["all", "round_robin", "least_loaded"]}},
        "oneOf": [{"required": [way]} for way in WAYS],
    },
}
DURATION = {"type": "string", "pattern": PATTERN, "maxLength": 32}
AFTER: Definition = {
    "type": "array",
    "maxItems": 10,
    "items": {
        "type": "object",
        "required": ["after", "do"],
        "additionalProperties": False,
        "properties": {
            "after": DURATION,
            "do": {"enum": ["remind", "escalate", "approve", "reject", "edge"]},
            "to": WHO,
            "mode": {"enum": ["add", "replace"]},
            "port": {"type": "string", "maxLength": 32},
            "repeat": DURATION,
            "max": {"type": "integer", "minimum": 1, "maximum": 50},
        },
    },
}
ASSIGN: Definition = {
    "id": "assign",
    "type": "json",
    "label": {"zh": "交给谁", "en": "Who"},
    "required": True,
    "schema": WHO,
}
TASK_FIELDS: Definition = {
    "id": "fields",
    "type": "field_ref",
    "label": {"zh": "要填的字段", "en": "Fields to fill in"},
    "multiple": True,
}
DUE: Definition = {
    "id": "due",
    "type": "length",
    "label": {"zh": "多久内办完", "en": "Due within"},
}
DEADLINES: Definition = {
    "id": "deadlines",
    "type": "json",
    "label": {"zh": "到时没办完", "en": "When nobody acted in time"},
    "schema": AFTER,
}
TITLE: Definition = {"id": "title", "type": "labels", "label": {"zh": "待办名称", "en": "Task"}, "max_length": 200}
TAG: list[Definition] = [
    {"id": "field", "type": "field_ref", "label": {"zh": "标签字段", "en": "Tag field"}, "required": True},
    {"id": "tag", "type": "text", "label": {"zh": "标签", "en": "Tag"}, "required": True, "max_length": 32},
]
HELP: Definition = {"id": "help", "type": "labels", "label": {"zh": "说明", "en": "Help"}, "max_length": 2000}


def late_ports(settings: Definition) -> list[str]:
    """Ways out of a step that its deadlines take."""
    return [late["port"] for late in settings.get("deadlines", []) if late["do"] == "edge" and "port" in late]
