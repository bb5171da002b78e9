"""A list as a caller asks for it in text: a formula to filter by, `-amount,name` to sort by, the fields wanted."""

from collections.abc import Iterable

from engines.core.kernel.errors import NoSuchField
from engines.core.kernel.work import Look
from engines.core.records import conditions, filters, keyset, query

from . import lists
from .compile import Form

SYSTEM = ("_id", "_version", "_created_at", "_created_by", "_updated_at", "_updated_by")
"""What every record carries beside its fields."""


def asked(look: Look, form: Form, *, filter: str = "", sort: str = "", limit: int = 50) -> query.Ask:
    """FormulaError for the filter, NoSuchField for a sort field that is unknown, hidden or has no order."""
    where = (conditions.asked(look, form.source, filter),) if filter.strip() else ()
    return query.Ask(where=where, sort=order(look, form, sort), limit=limit)


def order(look: Look, form: Form, text: str) -> tuple[tuple[str, bool], ...]:
    """(column, descending) pairs."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = {f["id"]: _column(form, f["id"]) for f in lists.sortable(look, form)} | {"_id": "_id"}
    pairs = keyset.sorting(names)
    for name, _ in pairs:
        if name not in known:
            raise NoSuchField(field=name)
    return tuple((known[name], down) for name, down in pairs)


def chosen(look: Look, form: Form, text: str) -> list[str]:
    """The fields that a caller names, those that it may read when it names none; NoSuchField."""
    scope = look.rights.scope(form.source.id)
    readable = [name for name in form.fields if scope.reads(name)]
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    _known(wanted, (*readable, *SYSTEM))
    return wanted or readable


def _known(names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise NoSuchField(field=name)


def _column(form: Form, name: str) -> str:
    return f"_{name}" if name in filters.SYSTEM and name not in form.fields else name
