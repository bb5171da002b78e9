"""A published field gets another type that keeps values the same way: what becomes of each value, then the work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.values import parse_one
from engines.core.jobs import queue
from engines.core.jobs.base import Job, JobKind, job_kinds
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query, tallies
from engines.core.records import store as records
from engines.core.records.source import Source
from engines.rule import engine as rules

BLOCK = 500
MOST_VALUES = 5000
EXAMPLES = 6
TEXTS = ("text", "choice")
"""Kinds of value that are written as text; others change only among their own kind."""


def storage(field: Definition) -> tuple[Any, ...]:
    """How the values of a field are kept."""
    kind = field_types.get(field["type"])
    links = kind.links(field)
    if links is not None or kind.children(field) is not None:
        return ("links", type(links).__name__) if links is not None else ("children",)
    return tuple((str(c.name), type(c.type).__name__.lower()) for c in kind.columns(field))


def may_turn(old: Definition, new: Definition) -> bool:
    """May a published field of one type get the other one? Its values have to be kept the same way, in one column,
    and mean the same kind of thing."""
    one, other = field_types.get(old["type"]), field_types.get(new["type"])
    if old["type"] == new["type"] or any(kind.assigned for kind in (one, other)):
        return False
    if one.computed_by(old) is not None or other.computed_by(new) is not None:
        return False
    before, after = one.value_type(old).kind, other.value_type(new).kind
    return len(one.columns(old)) == 1 and storage(old) == storage(new) and (before == after or before in TEXTS)


@dataclass(frozen=True)
class Impact:
    """Over living records that hold something: `same` stay as they are, `rewritten` are written in the new way,
    `kept` do not fit and stay as they were until somebody edits them. Examples are (before, after, how many);
    `capped`: there are more different values than were looked at."""

    same: int = 0
    rewritten: int = 0
    kept: int = 0
    rewrites: tuple[tuple[str, str, int], ...] = ()
    misfits: tuple[tuple[str, str, int], ...] = ()
    capped: bool = False


def impact(look: Look, source: Source, old: Definition, new: Definition, language: str) -> Impact:
    """What the change would do to all values that are there; nothing is written. Examples only for those who may see
    the values."""
    system = look.as_system("the plan of a new type counts all records")
    counted = tallies.spread(system, source, old["id"], most=MOST_VALUES)
    same = 0
    rewrites: list[tuple[str, str, int]] = []
    misfits: list[tuple[str, str, int]] = []
    for stored, n in counted:
        before = _text(old, stored, language)
        try:
            made = turned(old, new, stored, language)
        except Rejected:
            misfits.append((before, "", n))
            continue
        if made == stored:
            same += n
        else:
            rewrites.append((before, _text(new, made, language), n))
    rewritten, kept = (sum(n for _, _, n in found) for found in (rewrites, misfits))
    most = EXAMPLES if _sees(look, source, old["id"]) else 0
    few, odd = tuple(rewrites[:most]), tuple(misfits[:most])
    return Impact(same, rewritten, kept, few, odd, capped=len(counted) == MOST_VALUES)


def held(look: Look, source: Source, field: str, *, most: int) -> list[Any]:
    """The stored values of a field, the most frequent first; none for those who may not see them all."""
    return (
        [stored for stored, _ in tallies.spread(look, source, field, most=most)] if _sees(look, source, field) else []
    )


def _sees(look: Look, source: Source, field: str) -> bool:
    scope = look.rights.scope(source.id)
    return scope.may("view") and scope.rows is None and scope.compares(field)


def turned(old: Definition, new: Definition, stored: Any, language: str) -> Any:
    """A stored value as the new type keeps it; Rejected when it does not fit."""
    kind = field_types.get(new["type"])
    raw = _text(old, stored, language) if isinstance(stored, str) else stored
    return parse_one(new | {"required": False}, kind.from_text(raw, new) if isinstance(raw, str) else raw)


def _text(field: Definition, stored: Any, language: str) -> str:
    return str(field_types.get(field["type"]).to_text(stored, field, language))


def turns(old: Definition, new: Definition) -> Iterator[tuple[str, Definition, Definition]]:
    """(form, old field, new field) of every field whose type changes between two versions."""
    before = {(form["id"], f["id"]): f for form in old.get("forms", ()) for f in form["fields"]}
    for form in new["forms"]:
        for field in form["fields"]:
            was = before.get((form["id"], field["id"]))
            if was is not None and was["type"] != field["type"]:
                yield form["id"], was, field


def follow(uow: UnitOfWork, app: Any, before: Any | None) -> None:
    """Enqueue the rewriting that a publish makes necessary, in its own transaction."""
    for form, old, new in turns(before.definition, app.definition) if before else ():
        if not may_turn(old, new):
            continue
        source = app.form(form).source.id
        payload = {"form": source, "old": old, "language": app.definition["languages"][0], "after": 0}
        queue.enqueue(uow, "retype", payload, key=f"retype:{source}:{new['id']}", replace=True, priority=6)


@job_kinds.register
class Retype(JobKind):
    """A block of records, then itself again. What a record held before is in its history; nothing is set off, since a
    publish is no event."""

    type = "retype"
    label = {"zh": "换类型后改写", "en": "Rewrite values of a new type"}
    icon = "edit"
    examples = [({"form": "shop__buyer", "old": {"id": "note", "type": "text"}, "language": "zh", "after": 0},)]

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        payload = job.payload
        source = uow.apps.of_source(payload["form"]).source
        name = payload["old"]["id"]
        ask = query.Ask(sort=(("_id", False),), after=(payload["after"],), limit=BLOCK)
        page = query.page(uow, source, ask)
        for row in page.rows:
            _rewrite(uow, source, row["_id"], row.get(name), payload)
        uow.settle()
        for change in uow.written:
            rules.acquaint(uow, change)
        if page.after:
            again = payload | {"after": page.rows[-1]["_id"]}
            queue.enqueue(uow, "retype", again, key=f"retype:{source.id}:{name}", priority=6)


def _rewrite(uow: UnitOfWork, source: Source, record: int, stored: Any, payload: Definition) -> None:
    old = payload["old"]
    new = source.fields.get(old["id"])
    if new is None or stored is None:
        return
    try:
        made = turned(old, new, stored, payload["language"])
    except Rejected:
        return
    change = records.touch(uow, source, record) if made != stored else None
    if change is not None:
        change.set({old["id"]: made})
