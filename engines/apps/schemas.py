"""The JSON Schemas of definitions, and what they find said in two languages."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry

from engines.core.kernel.kind import Definition, Label

SCHEMAS = Path(__file__).parents[2] / "schemas"
Problem = tuple[str, Label]
"""(path in the definition, what is wrong and how to mend it)."""

WORDS: dict[str, Label] = {
    "required": {"zh": "少了「{missing}」", "en": "'{missing}' is missing"},
    "additionalProperties": {"zh": "不认识「{extra}」", "en": "'{extra}' is not known here"},
    "enum": {"zh": "要用其中之一：{allowed}", "en": "must be one of: {allowed}"},
    "const": {"zh": "要写成 {allowed}", "en": "must be {allowed}"},
    "type": {"zh": "类型不对，要 {wanted}", "en": "wrong type, {wanted} is needed"},
    "pattern": {"zh": "写法不对，要符合 {wanted}", "en": "does not match {wanted}"},
    "minLength": {"zh": "太短，至少 {wanted} 个字", "en": "too short, at least {wanted} characters"},
    "maxLength": {"zh": "太长，最多 {wanted} 个字", "en": "too long, at most {wanted} characters"},
    "minItems": {"zh": "至少要有 {wanted} 个", "en": "at least {wanted} are needed"},
    "maxItems": {"zh": "最多 {wanted} 个", "en": "at most {wanted} are allowed"},
    "minimum": {"zh": "不能小于 {wanted}", "en": "less than the minimum of {wanted}"},
    "maximum": {"zh": "不能大于 {wanted}", "en": "more than the maximum of {wanted}"},
    "uniqueItems": {"zh": "有重复的", "en": "has duplicates"},
}


def problems(name: str, part: Any, path: str) -> Iterator[Problem]:
    """What the schema called `name` finds in a part that stands at `path`."""
    for error in errors(name, part):
        yield path + "".join(f"/{step}" for step in error.absolute_path), told(error)


def errors(name: str, part: Any) -> tuple[ValidationError, ...]:
    """What the schema called `name` finds; a part that nobody changed is not looked at again."""
    return _errors(name, orjson.dumps(part))


@lru_cache(maxsize=256)
def _errors(name: str, part: bytes) -> tuple[ValidationError, ...]:
    return tuple(validator(name).iter_errors(orjson.loads(part)))


def found_by(check: Any, part: Any, path: str) -> Iterator[Problem]:
    for error in check.iter_errors(part):
        yield path + "".join(f"/{step}" for step in error.absolute_path), told(error)


_fine: OrderedDict[tuple[int, bytes], None] = OrderedDict()
MOST_FINE = 20_000


def _items(check: Any, items: Any, instance: Any, within: Any) -> Iterator[ValidationError]:
    """`items` as it is, but an item that was found fine before is not looked at again: of a long list one or two are
    new. A schema is kept as long as the process lives, so its `id` stands for it."""
    if not isinstance(instance, list) or not isinstance(items, dict) or "prefixItems" in within:
        yield from Draft202012Validator.VALIDATORS["items"](check, items, instance, within)
        return
    for n, item in enumerate(instance):
        key = id(items), orjson.dumps(item)
        if key in _fine:
            continue
        errors = list(check.descend(item, items, path=n))
        yield from errors
        if not errors:
            _fine[key] = None
            if len(_fine) > MOST_FINE:
                _fine.popitem(last=False)


_Patient: Any = validators.extend(Draft202012Validator, {"items": _items})  # type: ignore[no-untyped-call]  # the library has no types for it


@cache
def validator(name: str) -> Draft202012Validator:
    """An empty registry: no schema is ever fetched."""
    found: Draft202012Validator = _Patient(schema(name), registry=Registry())
    return found


@cache
def schema(name: str) -> Definition:
    found: Definition = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def known(name: str) -> bool:
    return (SCHEMAS / f"{name}.schema.json").exists()


SPOTS: dict[tuple[str, str], Label] = {
    ("minItems", "then"): {"zh": "还没选要做什么：加一个动作", "en": "nothing happens yet: add an action"},
}
"""Gaps that have words of their own, by (validator, last step of the path)."""


def told(error: ValidationError) -> Label:
    """What a validator complains of, in words."""
    last = str(error.absolute_path[-1]) if error.absolute_path else ""
    words = SPOTS.get((str(error.validator), last)) or WORDS.get(str(error.validator))
    if words is None:
        return {"zh": error.message[:200], "en": error.message[:200]}
    details = {
        "missing": str(error.message).split("'")[1] if "'" in error.message else "",
        "extra": ", ".join(_extra(error)),
        "allowed": _allowed(error),
        "wanted": error.validator_value,
    }
    return {language: text.format(**details) for language, text in words.items()}


def _extra(error: ValidationError) -> list[str]:
    known_names = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    return [str(name) for name in error.instance if name not in known_names] if isinstance(error.instance, dict) else []


def _allowed(error: ValidationError) -> str:
    value: Any = error.validator_value
    return ", ".join(map(str, value)) if error.validator == "enum" else str(value)
