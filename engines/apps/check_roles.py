"""Do the roles of an app name things that are there?"""

from collections.abc import Iterator
from typing import Any

from engines.core.access.rows import row_formula, spec_of
from engines.core.fields import field_types
from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition
from engines.core.records.place import NAMED
from engines.core.records.source import Source
from engines.core.records.spots import missing
from engines.form.compile import compile_forms

from .schemas import Problem

PEOPLE = ("created_by", "updated_by")


def role_problems(app: Definition) -> Iterator[Problem]:
    """Forms, fields and owners that a role names and the app does not have, with their paths."""
    forms = {form.get("id"): {f.get("id"): f for f in form.get("fields", [])} for form in app.get("forms", [])}
    seen: set[str] = set()
    for i, role in enumerate(app.get("roles", [])):
        if role.get("id") in seen:
            yield f"/roles/{i}/id", {"zh": f"「{role['id']}」出现了两次", "en": f"'{role['id']}' is there twice"}
        seen.add(role.get("id", ""))
        for name, body in role.get("forms", {}).items():
            if name != "*" and name not in forms:
                yield f"/roles/{i}/forms/{name}", missing(name)
            elif isinstance(body, dict):
                fields = _all_fields(forms) if name == "*" else forms[name]
                yield from _form(body, fields, f"/roles/{i}/forms/{name}")


def _form(body: Definition, fields: dict[str, Any], path: str) -> Iterator[Problem]:
    for name, level in body.get("fields", {}).items():
        if name != "*" and name not in fields:
            yield f"{path}/fields/{name}", missing(name)
        elif level == "masked" and not _is_text(fields.get(name)):
            words = {"zh": "只有文字能打码，改成隐藏", "en": "only text can be masked: hide it instead"}
            yield f"{path}/fields/{name}", words
    for j, name in enumerate(body.get("own_by", [])):
        if not _names_owner(name, fields):
            words = {"zh": f"「{name}」不是成员或部门字段", "en": f"'{name}' is no person or department field"}
            yield f"{path}/own_by/{j}", words


def row_problems(app: Definition) -> Iterator[Problem]:
    """Row formulas that cannot be read, at the spot; the rest of the app has passed its check."""
    forms = compile_forms(app)
    for i, role in enumerate(app.get("roles", [])):
        for name, body in role.get("forms", {}).items():
            kind, text = spec_of(body)[0], spec_of(body)[-1]
            for form in forms.values() if kind == "formula" else ():
                if name in ("*", form.id):
                    yield from _row_formula(form.source, text, f"/roles/{i}/forms/{name}/rows/formula")


def _row_formula(source: Source, text: str, path: str) -> Iterator[Problem]:
    try:
        row_formula(source, text)
    except FormulaError as wrong:
        for problem in wrong.problems:
            yield path, problem.words


def _all_fields(forms: dict[str, Any]) -> dict[str, Any]:
    return {name: field for fields in forms.values() for name, field in fields.items()}


def _is_text(field: Definition | None) -> bool:
    """Of an unknown type the check of the field itself has something to say."""
    try:
        return field is not None and field_types.get(str(field["type"])).value_type(field).kind == "text"
    except UnknownType:
        return True


def _names_owner(name: str, fields: dict[str, Any]) -> bool:
    if name in NAMED:
        return name in PEOPLE
    return str(fields.get(name, {}).get("type")) in ("person", "department")
