"""All SQL of flows; rows go in and out as mappings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Insert, Table, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from engines.core.database.retention import Kept, drop, kept
from engines.core.database.statements import Prepared
from engines.core.jobs.table import prepared
from engines.core.kernel.work import Look, UnitOfWork

from .step import Token
from .tables import LIVE as STILL_LIVE
from .tables import UNDECIDED, candidate, instance, log, task, token, turn, version

Row = dict[str, Any]
LIVE = ("running", "incident", "suspended")
TASK = [str(c.name) for c in task.columns]
INSTANCE = [str(c.name) for c in instance.columns]
WAITING = ("open", "queued")


def statement(look: Look, make: Callable[[Dialect], ClauseElement]) -> Prepared:
    return prepared(make, look.session.dialect)


# ---- definitions


def keep_version(uow: UnitOfWork, app: str, flow: str, key: str, body: str) -> None:
    """Once a definition; later runs of it find it by its hash."""
    uow.session.run(statement(uow, _keep), {"hash": key, "app": app, "flow": flow, "body": body})


def version_body(look: Look, key: str) -> str | None:
    row = look.session.run(statement(look, _version), {"h": key}).fetchone()
    return str(row[0]) if row else None


def _keep(dialect: Dialect) -> ClauseElement:
    made = _upsert(dialect)(version).values({str(c.name): bindparam(c.name, type_=c.type) for c in version.columns})
    return made.on_conflict_do_nothing(index_elements=["hash"])  # type: ignore[no-any-return]  # either dialect's


def _version(_dialect: Dialect) -> ClauseElement:
    return select(version.c.body).where(version.c.hash == bindparam("h"))


# ---- runs


def add_instance(uow: UnitOfWork, values: Row) -> int | None:
    """The new run's id; None when one with this dedup key is there."""
    row = uow.session.run(statement(uow, _add_instance), values).fetchone()
    return int(row[0]) if row else None


def load_instance(look: Look, number: int, *, lock: bool = False) -> Row | None:
    """A run; with `lock` nobody else moves it until this transaction ends."""
    row = look.session.run(statement(look, _lock_instance if lock else _instance), {"i": number}).fetchone()
    return dict(zip(INSTANCE, row, strict=True)) if row else None


def save_instance(uow: UnitOfWork, number: int, rev: int, *, state: str, kept: str, ended: int | None) -> bool:
    """False when somebody moved the run since it was read."""
    values = {"i": number, "r": rev, "s": state, "k": kept, "e": ended}
    return bool(uow.session.run(statement(uow, _save_instance), values).rowcount)


def live_of_record(look: Look, app: str, form: str, record: int) -> list[int]:
    """Runs on a record that have not ended."""
    rows = look.session.run(statement(look, _live_of_record), {"a": app, "f": form, "r": record}).fetchall()
    return [row[0] for row in rows]


def chain(look: Look, root: int) -> list[tuple[str, str, int]]:
    """(flow, form, record) of every run in a chain, in order."""
    return [tuple(row) for row in look.session.run(statement(look, _chain), {"r": root}).fetchall()]


def instances(
    look: Look, *, app: str = "", flow: str = "", state: str = "", form: str = "", record: int | None = None,
    before: int | None = None, limit: int = 50,
) -> list[Row]:  # fmt: skip
    """Runs, newest first."""
    c = instance.c
    wanted = {"app": app, "flow": flow, "state": state, "form": form}
    where: list[ColumnElement[bool]] = [c[n] == v for n, v in wanted.items() if v]
    where += [c.record == record] if record is not None else []
    where += [c.id < before] if before is not None else []
    rows = look.session.run(select(instance).where(*where).order_by(c.id.desc()).limit(limit)).fetchall()
    return [dict(zip(INSTANCE, row, strict=True)) for row in rows]


def _add_instance(dialect: Dialect) -> ClauseElement:
    names = [name for name in INSTANCE if name not in ("id", "ended_at")]
    made = _upsert(dialect)(instance).values({n: bindparam(n, type_=instance.c[n].type) for n in names})
    return made.on_conflict_do_nothing(index_elements=["dedup_key"]).returning(instance.c.id)  # type: ignore[no-any-return]  # either dialect's


def _instance(_dialect: Dialect) -> ClauseElement:
    return select(instance).where(instance.c.id == bindparam("i"))


def _lock_instance(_dialect: Dialect) -> ClauseElement:
    return select(instance).where(instance.c.id == bindparam("i")).with_for_update()


def _save_instance(_dialect: Dialect) -> ClauseElement:
    c = instance.c
    values = {"state": bindparam("s"), "kept": bindparam("k"), "ended_at": bindparam("e"), "rev": c.rev + 1}
    return update(instance).where(c.id == bindparam("i"), c.rev == bindparam("r")).values(values)


def _live_of_record(_dialect: Dialect) -> ClauseElement:
    c = instance.c
    mine = c.app == bindparam("a"), c.form == bindparam("f"), c.record == bindparam("r")
    return select(c.id).where(*mine, STILL_LIVE).order_by(c.id)


def _chain(_dialect: Dialect) -> ClauseElement:
    c = instance.c
    mine = or_(c.root == bindparam("r"), c.id == bindparam("r"))
    return select(c.flow, c.form, c.record).where(mine).order_by(c.id)


# ---- tokens


def tokens_of(look: Look, number: int) -> list[Token]:
    rows = look.session.run(statement(look, _tokens), {"i": number}).fetchall()
    return [Token(*row) for row in rows]


def add_token(uow: UnitOfWork, number: int, one: Token) -> int:
    values = {"instance": number, "node": one.node, "state": one.state, "fork": one.fork, "entered_at": uow.now}
    return int(uow.session.run(statement(uow, _add_token), values).fetchone()[0])


def move_token(uow: UnitOfWork, one: Token) -> None:
    values = {"i": one.id, "n": one.node, "s": one.state, "f": one.fork, "t": uow.now}
    uow.session.later(statement(uow, _move_token), values)


def drop_token(uow: UnitOfWork, number: int) -> None:
    uow.session.later(statement(uow, _drop_token), {"i": number})


def _tokens(_dialect: Dialect) -> ClauseElement:
    c = token.c
    return select(c.id, c.node, c.state, c.fork).where(c.instance == bindparam("i")).order_by(c.id)


def _add_token(_dialect: Dialect) -> ClauseElement:
    names = ("instance", "node", "state", "fork", "entered_at")
    return _insert(token, names).returning(token.c.id)


def _move_token(_dialect: Dialect) -> ClauseElement:
    params = {"node": "n", "state": "s", "fork": "f", "entered_at": "t"}
    values: dict[str, Any] = {name: bindparam(param) for name, param in params.items()}
    return update(token).where(token.c.id == bindparam("i")).values(values)


def _drop_token(_dialect: Dialect) -> ClauseElement:
    return delete(token).where(token.c.id == bindparam("i"))


def find_key(look: Look, key: str) -> int | None:
    """The run that a trigger of this key started."""
    row = look.session.run(select(instance.c.id).where(instance.c.dedup_key == key)).fetchone()
    return int(row[0]) if row else None


# ---- tasks


def add_task(uow: UnitOfWork, values: Row, candidates: Sequence[int] = ()) -> int:
    """A task and, when nobody has it yet, who may claim it."""
    full = dict.fromkeys(TASK[1:]) | {"extra": 0, "seq": 0, "rev": 1, "created_at": uow.now} | values
    number = int(uow.session.run(statement(uow, _add_task), full).fetchone()[0])
    for person in candidates:
        uow.session.later(statement(uow, _add_candidate), {"task": number, "person": person})
    return number


def load_task(look: Look, number: int) -> Row | None:
    rows = _tasks(look, task.c.id == number)
    return rows[0] if rows else None


def tasks_of_token(look: Look, number: int) -> list[Row]:
    """In order of their turn."""
    rows = look.session.run(statement(look, _token_tasks), {"t": number}).fetchall()
    return [dict(zip(TASK, row, strict=True)) for row in rows]


def tasks_of_instance(look: Look, number: int) -> list[Row]:
    return _tasks(look, task.c.instance == number)


def change_task(uow: UnitOfWork, row: Row, values: Mapping[str, Any]) -> bool:
    """False when somebody changed the task since it was read."""
    mine = task.c.id == row["id"], task.c.rev == row["rev"]
    done = uow.session.run(update(task).where(*mine).values({**values, "rev": row["rev"] + 1}))
    return bool(done.rowcount)


def claim_task(uow: UnitOfWork, number: int, person: int) -> bool:
    """Only one can: whoever comes second changes no row."""
    free = task.c.id == number, task.c.state == "open", task.c.assignee.is_(None)
    return bool(uow.session.run(update(task).where(*free).values(assignee=person, rev=task.c.rev + 1)).rowcount)


def close_tasks(uow: UnitOfWork, *, state: str, token_id: int | None = None, instance_id: int | None = None) -> None:
    """Whatever still waits at a token, or in a whole run."""
    values = {"s": state, "at": uow.now}
    if token_id is not None:
        uow.session.run(statement(uow, _close_of_token), values | {"t": token_id})
    if instance_id is not None:
        uow.session.run(statement(uow, _close_of_instance), values | {"i": instance_id})


def candidates_of(look: Look, number: int) -> list[int]:
    rows = look.session.run(select(candidate.c.person).where(candidate.c.task == number)).fetchall()
    return sorted(row[0] for row in rows)


def open_tasks_of(look: Look, person: int) -> list[Row]:
    """All that a person has to do, in every app."""
    return _tasks(look, and_(task.c.assignee == person, task.c.state.in_(WAITING)))


def loads(look: Look, people: Sequence[int]) -> dict[int, int]:
    """How many open tasks each has."""
    c = task.c
    wanted = select(c.assignee, func.count()).where(c.assignee.in_(people), c.state == "open").group_by(c.assignee)
    return dict.fromkeys(people, 0) | dict(look.session.run(wanted).fetchall())


def last_turn(look: Look, app: str, place: str) -> int | None:
    mine = turn.c.app == app, turn.c.place == place
    row = look.session.run(select(turn.c.person).where(*mine).with_for_update()).fetchone()
    return int(row[0]) if row else None


def set_turn(uow: UnitOfWork, app: str, place: str, person: int) -> None:
    uow.session.run(statement(uow, _set_turn), {"app": app, "place": place, "person": person})


def inbox(
    look: Look, where: Sequence[ColumnElement[bool]], order: Sequence[ColumnElement[Any]], *, offset: int, limit: int
) -> list[Row]:
    """Tasks with what their run knows: {…task, flow, hash, own, starter, run_state}."""
    c = instance.c
    wanted = select(task, c.flow, c.hash, c.own, c.starter, c.state)
    joined = wanted.join(instance, instance.c.id == task.c.instance).where(*where).order_by(*order)
    rows = look.session.run(joined.offset(offset).limit(limit)).fetchall()
    return [dict(zip([*TASK, "flow", "hash", "own", "starter", "run_state"], row, strict=True)) for row in rows]


def count(look: Look, where: Sequence[ColumnElement[bool]]) -> int:
    return int(figures(look, [func.count()], where)[0])


def figures(look: Look, wanted: Sequence[ColumnElement[Any]], where: Sequence[ColumnElement[bool]]) -> list[Any]:
    """Aggregates over tasks and their runs."""
    joined = select(*wanted).select_from(task.join(instance, instance.c.id == task.c.instance))
    return list(look.session.run(joined.where(*where)).fetchone())


def waiting(look: Look, person: int) -> int:
    """How many open tasks are a person's, or theirs to claim."""
    return int(look.session.run(statement(look, _waiting), {"p": person}).fetchone()[0])


def _waiting(_dialect: Dialect) -> ClauseElement:
    free = task.c.assignee.is_(None) & task.c.id.in_(
        select(candidate.c.task).where(candidate.c.person == bindparam("p"))
    )
    mine = or_(task.c.assignee == bindparam("p"), free)
    return select(func.count()).select_from(task).where(task.c.state == "open", mine)


def _tasks(look: Look, where: ColumnElement[bool]) -> list[Row]:
    rows = look.session.run(select(task).where(where).order_by(task.c.id)).fetchall()
    return [dict(zip(TASK, row, strict=True)) for row in rows]


def _add_task(_dialect: Dialect) -> ClauseElement:
    return _insert(task, TASK[1:]).returning(task.c.id)


def _add_candidate(_dialect: Dialect) -> ClauseElement:
    return _insert(candidate, ("task", "person"))


def _token_tasks(_dialect: Dialect) -> ClauseElement:
    return select(task).where(task.c.token == bindparam("t")).order_by(task.c.seq, task.c.id)


def _close_of_token(_dialect: Dialect) -> ClauseElement:
    return _closing(task.c.token == bindparam("t"))


def _close_of_instance(_dialect: Dialect) -> ClauseElement:
    return _closing(task.c.instance == bindparam("i"))


def _closing(where: ColumnElement[bool]) -> ClauseElement:
    values: dict[str, Any] = {"state": bindparam("s"), "acted_at": bindparam("at"), "rev": task.c.rev + 1}
    return update(task).where(where, UNDECIDED).values(values)


def _set_turn(dialect: Dialect) -> ClauseElement:
    made = _upsert(dialect)(turn).values({str(c.name): bindparam(c.name, type_=c.type) for c in turn.columns})
    return made.on_conflict_do_update(index_elements=["app", "place"], set_={"person": made.excluded.person})  # type: ignore[no-any-return]  # either dialect's


# ---- records that go for good


def runs_between(look: Look, app: str, form: str, first: int, last: int) -> list[int]:
    """Every run on the records `first` to `last`, over or not."""
    c = instance.c
    where = c.app == app, c.form == form, c.record >= first, c.record <= last
    return [row[0] for row in look.session.run(select(c.id).where(*where).order_by(c.id)).fetchall()]


def erase_runs(uow: UnitOfWork, runs: Sequence[int]) -> None:
    """Runs with all that was written about them; nothing of it is left."""
    ours = select(task.c.id).where(task.c.instance.in_(runs))
    uow.session.run(delete(candidate).where(candidate.c.task.in_(ours)))
    for table in (task, token, log):
        uow.session.run(delete(table).where(table.c.instance.in_(runs)))
    uow.session.run(delete(instance).where(instance.c.id.in_(runs)))


# ---- what happened


def add_log(uow: UnitOfWork, number: int, what: str, *, node: str = "", data: Mapping[str, Any] | None = None) -> None:
    """One line in a run's history, by whoever acts now."""
    values = {
        "instance": number,
        "at": uow.now,
        "node": node or None,
        "what": what,
        "actor": uow.actor.id,
        "data": orjson.dumps(data).decode() if data else None,
    }
    uow.session.later(statement(uow, _add_log), values)


def log_of(look: Look, number: int) -> list[Row]:
    """{at, node, what, actor, data}, oldest first."""
    c = log.c
    wanted = select(c.id, c.at, c.node, c.what, c.actor, c.data).where(c.instance == number).order_by(c.id)
    names = ("id", "at", "node", "what", "actor", "data")
    rows = [dict(zip(names, row, strict=True)) for row in look.session.run(wanted).fetchall()]
    return [row | {"data": orjson.loads(row["data"]) if row["data"] else {}} for row in rows]


@kept.register
class EndedRuns(Kept):
    """Lines of runs that are over; the run, its tasks and who decided what stay."""

    type = "flow_log"
    label = {"zh": "已结束流程的日志", "en": "The log of runs that are over"}
    days = 400

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        over = select(instance.c.id).where(instance.c.ended_at < before)
        return drop(uow.session, log, log.c.instance.in_(over), after)


def _add_log(_dialect: Dialect) -> ClauseElement:
    return _insert(log, ("instance", "at", "node", "what", "actor", "data"))


def _insert(table: Table, names: Sequence[str]) -> Insert:
    return insert(table).values({n: bindparam(n, type_=table.c[n].type) for n in names})


def _upsert(dialect: Dialect) -> Any:
    """Both dialects know ON CONFLICT."""
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert
