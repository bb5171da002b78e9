"""JSON Schema as the platform checks it: no schema is fetched, and no pattern takes more than linear time."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry as References

from engines.core.kernel.kind import Definition

from .patterns import found, mistake

FORMATS = FormatChecker(["date"])


@FORMATS.checks("re2")
def _is_re2(value: object) -> bool:
    return not isinstance(value, str) or mistake(value) is None


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "string") and not found(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _from(validator: Any, limit: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "string") and value < limit:
        yield ValidationError(f"{value!r} is before {limit!r}")


def _until(validator: Any, limit: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "string") and value > limit:
        yield ValidationError(f"{value!r} is after {limit!r}")


_KEYWORDS = {"pattern": _pattern, "formatMinimum": _from, "formatMaximum": _until}
_Linear: Any = extend(Draft202012Validator, _KEYWORDS)  # type: ignore[no-untyped-call]  # the stubs leave it so


def checker(schema: Definition) -> Validator:
    """A validator of values against `schema`: Draft 2020-12; formats `date` and `re2` are asserted, and so are
    `formatMinimum` and `formatMaximum` (as Ajv has them) on ISO days."""
    validator: Validator = _Linear(schema, registry=References(), format_checker=FORMATS)
    return validator
