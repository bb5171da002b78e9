"""What is wrong with a value, in the reader's language: a type's own words, the door's, and an import's."""

from typing import Any

from engines.core.fields import field_types
from engines.core.fields.values import say as say_value
from engines.core.kernel.errors import Rejected

from . import imports, submit
from .compile import Form

UNKNOWN = {"id": "", "type": "text", "label": {"zh": "", "en": ""}}


def say(form: Form, name: str, problem: Rejected, language: str) -> str:
    """The gap and the mend of one field's value; `name` may be of a field that is not there."""
    field = form.fields.get(name, UNKNOWN)
    shared = submit.REASONS | imports.REASONS
    if problem.code in shared and problem.code not in field_types.get(field["type"]).reasons:
        details = {key: _in(detail, language) for key, detail in problem.details.items()}
        return shared[problem.code][language].format(**details)
    return say_value(field, problem, language)


def label(form: Form, name: str, language: str) -> str:
    """What a field is called."""
    return str(_in(form.fields[name]["label"], language)) if name in form.fields else name


def _in(detail: Any, language: str) -> Any:
    return (detail.get(language) or next(iter(detail.values()), "")) if isinstance(detail, dict) else detail
