"""Functions as SQL: SQLite calls our Python implementation, PostgreSQL gets an expression over operands named once."""

import string
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Float, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ColumnClause, ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from .faults import FormulaFault
from .functions.base import FUNCTIONS, Function

SQL_TYPES: dict[str, TypeEngine[Any]] = {
    "number": Float(), "duration": Float(), "boolean": Boolean(), "datetime": BigInteger(), "link": BigInteger(),
}  # fmt: skip


FENCE = "OFFSET 0"
"""Keeps PostgreSQL from copying an operand to each place that mentions it: nested ones would grow exponentially."""


def sql_type(kind: str) -> TypeEngine[Any]:
    """How values of a kind stand in SQL."""
    return SQL_TYPES.get(kind, Text())


def slug(name: str) -> str:
    return "dg_" + name.lower().replace(" ", "_")


class Native(FunctionElement[Any]):
    """A call of one registered function."""

    inherit_cache = True
    made: Function


class Signs(FunctionElement[Any]):
    """Operands joined by one sign, always in parentheses."""

    inherit_cache = True
    sign: str


class CodePoints(FunctionElement[Any]):
    """A text as it is ordered: by code point, whatever the collation of the database."""

    inherit_cache = True
    type = Text()


@cache
def native_class(name: str, kind: str) -> type[Native]:
    made = FUNCTIONS[name]
    return type(
        slug(name), (Native,), {"inherit_cache": True, "name": slug(name), "made": made, "type": sql_type(kind)}
    )


@cache
def signs_class(sign: str, kind: str) -> type[Signs]:
    return type("dg_sign", (Signs,), {"inherit_cache": True, "name": sign, "sign": sign, "type": sql_type(kind)})


def call(name: str, kind: str, *args: ColumnElement[Any]) -> ColumnElement[Any]:
    """A registered function over SQL operands; `kind` is what it gives."""
    return native_class(name, kind)(*args)


def joined(sign: str, kind: str, *args: ColumnElement[Any]) -> ColumnElement[Any]:
    """a + b + c and the like."""
    return signs_class(sign, kind)(*args)


@compiles(Signs)
def _signs(element: Signs, compiler: SQLCompiler, **kw: Any) -> str:
    return "(" + f" {element.sign} ".join(compiler.process(arg, **kw) for arg in element.clauses) + ")"


@compiles(CodePoints)
def _code_points(element: CodePoints, compiler: SQLCompiler, **kw: Any) -> str:
    return f'({compiler.process(next(iter(element.clauses)), **kw)} COLLATE "C")'


@compiles(CodePoints, "sqlite")
def _binary(element: CodePoints, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **kw)


@compiles(Native, "sqlite")
def _sqlite(element: Native, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{slug(element.made.name)}({', '.join(compiler.process(arg, **kw) for arg in element.clauses)})"


@compiles(Native)
def _postgresql(element: Native, compiler: SQLCompiler, **kw: Any) -> str:
    operands = list(element.clauses)
    texts = [compiler.process(operand, **kw) for operand in operands]
    template = element.made.pg or ""
    if "{all}" in template:
        return template.replace("{all}", ", ".join(f"({text})" for text in texts))
    letters = ["zone", *string.ascii_lowercase] if element.made.zone else list(string.ascii_lowercase)
    named = dict(zip(letters, texts, strict=False))
    again = [name for name, operand in zip(letters, operands, strict=False) if repeated(template, name, operand)]
    if not again:
        return f"({template.format(**named)})"
    inner = ", ".join(f"{named[name]} AS {name}" for name in again)
    body = template.format(**named | {name: f"dg_m.{name}" for name in again})
    return f"(SELECT {body} FROM (SELECT {inner} {FENCE}) AS dg_m)"  # noqa: S608  # compiled operands in our own template


def repeated(template: str, name: str, operand: Any) -> bool:
    """Whether an operand that costs something would be mentioned twice."""
    return template.count("{" + name + "}") > 1 and not isinstance(operand, BindParameter | ColumnClause)


def register_sqlite(connection: Any) -> None:
    """Give a raw SQLite connection the functions that formulas call there, all deterministic."""
    for made in FUNCTIONS.values():
        if made.run is not None and made.pg is not None:
            connection.create_function(slug(made.name), -1, guarded(made), deterministic=True)


def guarded(made: Function) -> Callable[..., Any]:
    """NULL for a blank operand and where Python raises a fault: the error predicate tells them apart."""
    run = made.run
    kept = [param.kept for param in made.params]
    many = bool(made.params) and made.params[-1].kept and made.params[-1].many

    def body(*args: Any) -> Any:
        if not many and any(arg is None and not flag for arg, flag in zip(args[made.zone :], kept, strict=False)):
            return None
        if kept and not many and args[made.zone] is None:
            return None
        try:
            found = run(*args)  # type: ignore[misc]  # checked where it is registered
        except (FormulaFault, OverflowError, ValueError):
            return None
        return int(found) if isinstance(found, bool) else found

    return body
