"""The state of a list lives in its address: view, conditions, order, search, columns, and where the page starts."""

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import orjson
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import keyset
from engines.core.records.source import Source
from engines.form import lists
from engines.form.lists import View
from engines.report.errors import BadParam

from ..behind import Behind, behind
from .base import Place

SEVERAL = {"any", "has", "lacks", "not", "between"}
"""Operators whose value is a list; in an address its parts are joined by a bar."""
OWN = ("f", "sort", "q", "cols", "kind", "group", "mark")


@dataclass(frozen=True)
class State:
    """`base` is the view as it was saved, `view` what the address makes of it; `behind` the mark that it shows the
    records of."""

    path: str
    base: View
    view: View
    views: list[View]
    own: tuple[tuple[str, str], ...]
    after: str = ""
    before: str = ""
    skipped: int = 0
    behind: Behind | None = None

    @property
    def changed(self) -> bool:
        """Does it differ from the saved view?"""
        return bool(self.own)

    def url(self, path: str = "", **changes: Any) -> str:
        """The same list with something else; a list value is several parameters, None takes one away. Paging starts
        again unless `after` or `before` is named."""
        pairs = [("view", self.base.id)] if self.base is not self.views[0] else []
        kept = [pair for pair in self.own if pair[0] not in changes]
        for name, value in changes.items():
            kept += [(name, str(one)) for one in (value if isinstance(value, list) else [value]) if value is not None]
        query = urlencode(pairs + kept, safe="-.|~")
        return iri_to_uri((path or self.path) + (f"?{query}" if query else ""))

    def without(self, n: int) -> str:
        """The address without one of the conditions."""
        rest = [written(one) for i, one in enumerate(self.view.filter) if i != n]
        return self.url(f=rest or [""])

    def sorted_by(self, name: str) -> str:
        """A click on a column: largest first, then smallest, then as the view has it."""
        now = dict(self.view.sort[:1])
        return self.url(sort={True: name, False: ""}.get(now.get(name), f"-{name}") if name in now else f"-{name}")

    @property
    def query(self) -> str:
        return self.url().partition("?")[2]

    @property
    def here(self) -> str:
        """The address with its paging."""
        extra: dict[str, Any] = {"after": self.after} if self.after else {"before": self.before} if self.before else {}
        return self.url(**extra, n=self.skipped or None)


def read(look: Look, place: Place, args: MultiDict[str, str], path: str) -> State:
    """The state that an address names; NotFound for a view that is not there."""
    views = lists.views_of(look, place.form)
    wanted = args.get("view") or views[0].id
    base = next((view for view in views if view.id == wanted), None) or lists.view_of(look, place.form, wanted)
    own = tuple((name, value) for name in OWN for value in args.getlist(name))
    view, found = _over(base, args), _behind(look, place, args)
    if found:
        view = replace(view, where=found.where)
    skipped = args.get("n", 0, type=int)
    return State(path, base, view, views, own, args.get("after", ""), args.get("before", ""), max(0, skipped), found)


def _behind(look: Look, place: Place, args: MultiDict[str, str]) -> Behind | None:
    """The mark of a report that the list is narrowed to; BadParam when its records are another form's."""
    if not args.get("mark"):
        return None
    found = behind(look, place.app, args["mark"])
    if found.form != place.form.id:
        raise BadParam(param="mark", value=found.form)
    return found


def _over(base: View, args: MultiDict[str, str]) -> View:
    given: dict[str, Any] = {}
    if "f" in args:
        given["filter"] = tuple(parsed(one) for one in args.getlist("f") if one.count(".") >= 1)
    if args.get("sort"):
        given["sort"] = keyset.sorting(args["sort"].split("."))
    if "cols" in args:
        given["columns"] = tuple(args["cols"].split("."))
    given |= {name: args[name] for name in ("q", "group") if name in args}
    if args.get("kind") in ("table", "kanban"):
        given["kind"] = args["kind"]
    return replace(base, **given)


def written(condition: Definition) -> str:
    """`field.op.value`, as an address carries it."""
    value = condition.get("value")
    text = (
        "|".join(str(one) for one in value) if isinstance(value, (list, tuple)) else "" if value is None else str(value)
    )
    return f"{condition['field']}.{condition['op']}.{text}"


def parsed(text: str) -> Definition:
    field, op, value = [*text.split(".", 2), ""][:3]
    return {"field": field, "op": op, "value": value.split("|") if op in SEVERAL else value or None}


def cursor(key: tuple[Any, ...] | None) -> str | None:
    """Where a page starts, as an address carries it."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode().rstrip("=") if key else None


def key_of(text: str, source: Source, keys: keyset.Keys) -> tuple[Any, ...] | None:
    """The other way round; None, which is the start, when it does not fit the order."""
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fits = len(found) == len(keys) and all(
            value is None or isinstance(value, str) == (source.table.c[name].type.python_type is str)
            for value, (name, _down) in zip(found, keys, strict=True)
        )
    except (binascii.Error, ValueError, TypeError, KeyError):
        return None
    return tuple(found) if text and fits else None
