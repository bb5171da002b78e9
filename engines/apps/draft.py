"""The draft of an app: the live version and a log of edits on top of it, which survives reload and restart."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engines.core.access import people
from engines.core.kernel.errors import AppError, BadDefinition, Conflict, Forbidden, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork

from . import ops, schemas, store
from .catalog import App
from .check import check_app
from .edits import Change, apply_all, find, has
from .retype import may_turn
from .schemas import Problem
from .shape import broken

FIXED = ("id", "type")
"""What a field that people already fill in keeps for ever."""


class Stale(Conflict):
    """Somebody else edited the draft meanwhile: `who`, `rev` of theirs, `seen` by us."""

    code = "stale_draft"
    words = {
        "zh": "{who}刚改过这个草稿：看看现在的样子，或者按你的再改一次",
        "en": "{who} has just changed this draft: look at it, or do yours again on top",
    }


class Fixed(Forbidden):
    code = "fixed"
    words = {
        "zh": "「{at}」已经发布：编号不再改，类型只能换成存法相同的；新建一个字段，旧的可以隐藏或删除，数据都在",
        "en": "'{at}' is live: its id stays, its type may only become one that keeps values the same way. Add a new "
        "field and hide or remove this one; its data is kept",
    }


class NothingToUndo(NotFound):
    code = "nothing_to_undo"
    words = {"zh": "没有可撤销或重做的改动", "en": "There is nothing to undo or redo"}


@dataclass(frozen=True)
class Draft:
    """`live` is what it starts from, `rev` its revision, `edits` how many are not published. `behind`: another version
    went live since."""

    app: str
    live: App
    rev: int
    definition: Definition
    edits: int = 0
    redoable: int = 0
    newest: int = 0
    mark: str = ""
    """Of this run of edits, with `rev`: what the state is known by."""

    @property
    def behind(self) -> bool:
        return self.newest > self.live.version

    @cached_property
    def compiled(self) -> App:
        """The draft as an app, for those who read formulas; not to be kept longer than the draft."""
        return App(0, self.definition)

    @cached_property
    def problems(self) -> list[Problem]:
        """What has to be mended before it can be published, with paths."""
        try:
            check_app(self.definition)
        except BadDefinition as bad:
            return bad.problems
        return []


def current(look: Look, app_id: str) -> Draft:
    """The draft as this transaction sees it; the live version when nothing is edited."""
    allow(look, app_id)
    newest, row, counts = look.apps.app(app_id), store.find(look, app_id), store.counts(look, app_id)
    done, undone = counts.get("done", 0), counts.get("undone", 0)
    if row is None or not (done or undone):
        if row and not isinstance(look, UnitOfWork):
            _kept.put((row["mark"], row["rev"]), newest.definition)
        return Draft(app_id, newest, row["rev"] if row else 0, newest.definition, newest=newest.version)
    live = look.apps.version(app_id, row["base"])
    definition = _replayed(look, app_id, live, row)
    return Draft(app_id, live, row["rev"], definition, done, undone, newest.version, row["mark"])


def at(look: Look, app_id: str, rev: int) -> Definition | None:
    """The draft as somebody saw it at an earlier revision; None when that state is no longer remembered."""
    allow(look, app_id)
    row = store.find(look, app_id)
    if row is None or rev == 0:
        return look.apps.version(app_id, row["base"]).definition if row else None
    return _kept.get((row["mark"], rev))


def kept(made: Draft) -> Draft:
    """The same, remembered: for an edit whose transaction is through, so that nobody has to replay it."""
    if made.mark:
        _kept.put((made.mark, made.rev), made.definition)
    return made


def edit(
    uow: UnitOfWork,
    app_id: str,
    op: str,
    args: dict[str, Any] | None = None,
    *,
    rev: int | None = None,
    before: Draft | None = None,
) -> Draft:
    """Do one operation of ops.py, or `undo` or `redo`; `before` is the draft where this transaction has read it. Stale
    when the draft is no longer at `rev`; BadDefinition and nothing done when a part would be of the wrong shape."""
    _well_formed(op, args, rev)
    before = before or current(uow, app_id)
    store.start(uow, app_id, before.live.version)
    if not before.edits and not before.redoable:
        store.base_on(uow, app_id, before.live.version)
    if (rev is not None and rev != before.rev) or not store.advance(uow, app_id, before.rev):
        raise Stale(rev=before.rev, seen=rev, who=_last_editor(uow, app_id))
    if op in STEPS:
        STEPS[op](uow, app_id)
        return current(uow, app_id)
    made = _do(uow, before, op, args or {})
    return replace(before, rev=before.rev + 1, definition=made, edits=before.edits + 1, redoable=0)


def discard(uow: UnitOfWork, app_id: str) -> None:
    """Back to the live version; the edits stay in the log."""
    allow(uow, app_id)
    close(uow, app_id, "discarded")


def close(uow: UnitOfWork, app_id: str, state: str, version: int | None = None) -> None:
    """No draft any more: its edits were published or discarded."""
    store.mark(uow, app_id, "undone", "dropped")
    store.mark(uow, app_id, "done", state, version=version)
    store.rest_on(uow, app_id, uow.apps.app(app_id).version)


def follow(uow: UnitOfWork, app_id: str) -> list[dict[str, Any]]:
    """Put the edits onto the version that went live meanwhile; those that no longer fit are dropped and come back."""
    allow(uow, app_id)
    definition, lost = uow.apps.app(app_id).definition, []
    store.mark(uow, app_id, "undone", "dropped")
    for one in store.edits(uow, app_id, "done"):
        try:
            definition, back = apply_all(definition, one["changes"])
            store.rewrite(uow, app_id, one["seq"], back)
        except (AppError, LookupError, TypeError):
            store.mark(uow, app_id, "done", "dropped", seq=one["seq"])
            lost.append(one)
    store.rest_on(uow, app_id, uow.apps.app(app_id).version)
    return lost


def log(look: Look, app_id: str) -> list[dict[str, Any]]:
    """Edits that are not published, newest first: {seq, at, actor, who, op, args, state}."""
    allow(look, app_id)
    names = people.names(look.session)
    found = store.edits(look, app_id, "done", "undone")
    return [one | {"who": names.get(one["actor"], "")} for one in reversed(found)]


def allow(look: Look, app_id: str) -> None:
    """NotFound when the app may not be known, Forbidden when it may not be built."""
    look.apps.app(app_id)
    if not look.rights.may("builder", app_id):
        raise Forbidden(action="builder") if look.rights.may("open", app_id) else NotFound(app=app_id)


def _well_formed(op: str, args: dict[str, Any] | None, rev: int | None) -> None:
    sent = {"op": op, "rev": rev} | ({"args": args} if args is not None else {})
    if found := list(schemas.problems("edit", sent, "")):
        raise BadDefinition(found)


def _do(uow: UnitOfWork, before: Draft, op: str, args: dict[str, Any]) -> Definition:
    """The definition as it is then."""
    _keep_fixed(before, op, args)
    changes = ops.changes_of(before.definition, op, args)
    made, inverse = apply_all(before.definition, changes)
    refuse_broken(before.definition, made, changes)
    store.append(uow, before.app, op, args, changes=changes, inverse=inverse)
    return made


def refuse_broken(before: Definition, made: Definition, changes: list[Change]) -> None:
    """BadDefinition with what the changes broke; what was broken before is not held against them."""
    touched = sorted({tuple(change["at"][:2]) for change in changes})
    now = [one for at in touched for one in broken(made, at)]
    known = {path for at in touched for path, _ in broken(before, at)} if now else set()
    if found := [one for one in now if one[0] not in known]:
        raise BadDefinition(found)


def _keep_fixed(before: Draft, op: str, args: dict[str, Any]) -> None:
    at, value = list(args["at"]), args.get("value")
    for change in args.get("changes", ()):
        if change["do"] == "set":
            _keep_fixed(before, "set", change)
    given: Definition = value if isinstance(value, dict) else {}
    whole = op == "set" and bool(given) and at[2:3] == ["fields"] and len(at) == 4
    holder = at if op == "rename" or whole else at[:-1] if op == "set" and at[-1] in FIXED else None
    if not holder or len(holder) < 2 or not has(before.live.definition, holder):
        return
    old = find(before.live.definition, holder)
    new: Definition = given if whole else old | {at[-1]: value} if op == "set" else {}
    if new.get("id") != old.get("id") or (new.get("type") != old.get("type") and not _turns(old, new)):
        raise Fixed(at=holder[-1], action=op)


def _turns(old: Definition, new: Definition) -> bool:
    """May a published field become this one?"""
    try:
        return may_turn(old, new)
    except (AppError, LookupError, StopIteration):
        return False


def _undo(uow: UnitOfWork, app_id: str) -> None:
    one = store.last(uow, app_id, "done")
    if one is None:
        raise NothingToUndo
    store.mark(uow, app_id, "done", "undone", seq=one["seq"])


def _redo(uow: UnitOfWork, app_id: str) -> None:
    one = store.last(uow, app_id, "undone", first=True)
    if one is None:
        raise NothingToUndo
    store.mark(uow, app_id, "undone", "done", seq=one["seq"])


STEPS: dict[str, Callable[[UnitOfWork, str], None]] = {"undo": _undo, "redo": _redo}


def _last_editor(look: Look, app_id: str) -> str:
    newest = store.last(look, app_id, "done")
    names = people.names(look.session)
    return str(names.get(newest["actor"], "")) if newest else "–"


class _Kept:
    """States of drafts that were read from the database, by (mark, rev): a state never changes."""

    def __init__(self, most: int = 64) -> None:
        self._states: OrderedDict[tuple[str, int], Definition] = OrderedDict()
        self._most = most

    def get(self, key: tuple[str, int]) -> Definition | None:
        return self._states.get(key)

    def put(self, key: tuple[str, int], definition: Definition) -> None:
        self._states[key] = definition
        while len(self._states) > self._most:
            self._states.popitem(last=False)


_kept = _Kept()


def _replayed(look: Look, app_id: str, live: App, row: dict[str, Any]) -> Definition:
    """The live version with the edits done; only what is committed is remembered."""
    key = (row["mark"], row["rev"])
    found = _kept.get(key)
    if found is None:
        found = live.definition
        for one in store.edits(look, app_id, "done"):
            found, _ = apply_all(found, one["changes"])
        if not isinstance(look, UnitOfWork):
            _kept.put(key, found)
    return found
