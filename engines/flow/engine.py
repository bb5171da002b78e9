"""Flows in the unit of work: changes start them, signals move them, and nothing that goes wrong stops a save."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from engines.core.actions import formulas
from engines.core.actions.base import Context
from engines.core.actions.services import AnyApp
from engines.core.jobs import incidents, queue
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, Busy, Conflict, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.settings import Settings
from engines.core.kernel.work import Cause, Look, UnitOfWork
from engines.core.messages import notices
from engines.core.messages.channels.webhook import genuine
from engines.core.records.change import Change

from . import store, timing
from .base import Trigger, Watch, trigger_types
from .compile import Flow
from .deadlines import subject
from .run import AGAIN, Run, wait_until
from .single import SHARED, TASK, own_of, single
from .step import CANCELLED, RUNNING, WAITING, Signal
from .triggers.webhook import picked
from .versions import known, of_run

DEPTH, SAME, ALONE = 8, 3, 4
"""How long a chain of flows may be, how often one flow may run on one record in it, and from which length on each run
gets a transaction of its own."""
BLOCK = 500


class Ring(AppError):
    code = "flow_ring"
    words = {
        "zh": "流程互相触发成了一圈，已停在这里：{ring}",
        "en": "Flows keep setting each other off; stopped here: {ring}",
    }


class NotRunning(Conflict):
    code = "flow_over"
    words = {"zh": "这个流程已经结束了", "en": "This flow is over already"}


Entry = tuple[Flow, Trigger, Definition]


class Flows:
    """Service `flows`."""

    def __init__(self) -> None:
        self._kept: set[str] = set()

    # ---- what starts

    def react(self, uow: UnitOfWork, change: Change) -> None:
        """A written change meets the flows of its form; a reactor of the unit of work."""
        app_id, _, form_id = change.source.id.partition("__")
        app: AnyApp = uow.apps.app(app_id)
        if change.what == "delete":
            self._cancel_all(uow, app_id, form_id, change.id or 0)
        entries = self.of_app(app).get(form_id, ())
        if entries:
            self._meet(uow, app, change, entries)
        if change.what != "create" and self._waits_on_fields(app, form_id):
            self._move_waits(uow, app, form_id, change)

    def start(self, uow: UnitOfWork, context: Context, flow: str, *, key: str | None = None) -> int | None:
        """Start a flow of the app on the context's record; None when this key had started it before, or when it would
        go round in circles (an incident says so)."""
        return self.begin(uow, context, self.of(context.app, flow), key=key)

    def start_task(self, uow: UnitOfWork, context: Context, settings: Definition) -> int | None:
        """A task by itself: the app's flow of one step with the action's settings. `once`: not while one like it is
        open."""
        shared, form = known(context.app.id, SHARED), context.form.id if context.form is not None else ""
        flow = single(shared, form, own_of(settings))
        if settings.get("once") and context.record is not None:
            live = store.instances(
                uow, app=context.app.id, flow=TASK, form=flow.form, record=context.record, state=RUNNING
            )
            if any(row["own"] == _packed(flow.own) for row in live):
                return None
        return self.begin(uow, context, flow)

    def begin(self, uow: UnitOfWork, context: Context, flow: Flow, *, key: str | None = None) -> int | None:
        """A run of a compiled flow; what fails in its first steps is taken back and leaves an incident."""
        context = self._chained(context)
        try:
            self._guard(uow, context, flow)
        except Ring as ring:
            self._refuse(uow, context, flow, ring, key)
            return None
        if context.depth >= ALONE and flow.id != TASK:
            self._later(uow, context, flow, key)
            return None
        return self._begin(uow, context, flow, key)

    def press(self, uow: UnitOfWork, app: AnyApp, flow: str, record: int) -> int | None:
        """Somebody pressed the button of a flow on a record."""
        found = self.of(app, flow)
        form = app.form(found.form)
        facts = uow.service("records").read(uow, form, record)
        context = Context(app, Cause("flow", flow), form, record, facts, person=uow.actor.id or None)
        if found.trigger["type"] != "button" or not self.condition(uow, context, found):
            raise NotFound(flow=flow)
        return self.begin(uow, context, found)

    def hook(self, uow: UnitOfWork, app: AnyApp, hook: str, body: Any, key: str) -> dict[str, int | None]:
        """Another program called: its record and the run on it; the same `key` again does nothing more."""
        flow = self.of_hook(app, hook)
        full = f"hook:{app.id}:{flow.id}:{key}"
        before = store.find_key(uow, full)
        if before is not None:
            row = store.load_instance(uow, before) or {}
            return {"record": row.get("record"), "instance": before}
        form = app.form(flow.form)
        change = uow.service("records").create(uow, form, picked(body, flow.trigger["values"]))
        uow.settle()
        context = Context(app, Cause("api", hook), form, change.id, dict(change.facts))
        return {"record": change.id, "instance": self.begin(uow, context, flow, key=full)}

    def of_hook(self, app: AnyApp, hook: str) -> Flow:
        """The flow that a webhook address belongs to; NotFound."""
        for part in app.parts("flows"):
            trigger = part.get("trigger", {})
            if trigger.get("type") == "webhook" and trigger.get("hook") == hook and not part.get("off"):
                return known(app.id, part)
        raise NotFound(hook=hook)

    def hook_opens(self, settings: Settings, flow: Flow, body: bytes, header: str) -> bool:
        """Whether a call may come in: with a secret it carries our kind of signature, `X-Dougong-Signature`."""
        secret = flow.trigger.get("secret")
        if not secret:
            return True
        known = settings.secret(secret)
        return genuine(known, body, header, clock.wall() // 1_000_000)

    def buttons(self, look: Look, context: Context) -> list[Flow]:
        """Flows whose button shows on the context's record."""
        found = []
        for part in context.app.parts("flows"):
            if context.form is None or part.get("form") != context.form.id or part.get("off"):
                continue
            flow = known(context.app.id, part)
            if flow.trigger["type"] == "button" and self.condition(look, context, flow):
                found.append(flow)
        return found

    def condition(self, look: Look, context: Context, flow: Flow) -> bool:
        """Whether the trigger's own condition holds now."""
        when = flow.trigger.get("when")
        return not when or formulas.holds(look, context, when)

    # ---- what moves

    def load(self, uow: UnitOfWork, number: int) -> Run:
        """A run, held by this transaction; NotFound when there is none."""
        row = store.load_instance(uow, number, lock=True)
        if row is None:
            raise NotFound(run=number)
        app: AnyApp = uow.apps.app(row["app"])
        return Run(uow, app, of_run(uow, row), row, store.tokens_of(uow, number))

    def cancel(self, uow: UnitOfWork, number: int, *, why: str) -> None:
        """An administrator stops a run; NotRunning when it is over."""
        run = self.load(uow, number)
        if run.row["state"] not in store.LIVE:
            raise NotRunning(run=number)
        run.stop(CANCELLED, {"why": why})

    def forget_all(self, uow: UnitOfWork, app: AnyApp, form: str, first: int, last: int) -> int:
        """Records that are erased for good take their runs, tasks, notices and waiting days along; how many runs."""
        runs = store.runs_between(uow, app.id, form, first, last)
        for n in range(0, len(runs), BLOCK):
            block = runs[n : n + BLOCK]
            for number in block:
                for token in store.tokens_of(uow, number):
                    queue.cancel(uow, subject=subject(token.id))
            store.erase_runs(uow, block)
        notices.forget(uow, app.id, form, first, last)
        for flow, kind, _settings in self.of_app(app).get(form, ()):
            if kind.type == "date_field":
                for record in range(first, last + 1):
                    queue.cancel(uow, key=f"date:{app.id}:{flow.id}:{record}")
        return len(runs)

    def look_around(self, uow: UnitOfWork, app: AnyApp) -> None:
        """Records that came in without anybody reacting to them: what flows wait for in them is planned now."""
        for flow, kind, settings in [entry for entries in self.of_app(app).values() for entry in entries]:
            kind.published(uow, flow, settings, app.zone)

    # ---- what is known

    def of(self, app: AnyApp, flow: str) -> Flow:
        """The flow as the live version of the app has it; NotFound."""
        return known(app.id, app.part("flows", flow))

    def of_app(self, app: AnyApp) -> Mapping[str, list[Entry]]:
        """Flows with their triggers by form, compiled once a version of the app."""
        found = app.notes.get("flows")
        if found is None:
            found = {}
            for definition in app.parts("flows"):
                if definition.get("off"):
                    continue
                flow = known(app.id, definition)
                kind = trigger_types.get(flow.trigger["type"])
                if kind.on_records:
                    found.setdefault(flow.form, []).append((flow, kind, flow.trigger))
            app.notes["flows"] = found
        return found

    def concerns(self, app: AnyApp, form: str) -> bool:
        """Whether any flow of this form has something to do when a record is written."""
        return form in self.of_app(app)

    def published(self, uow: UnitOfWork, app: AnyApp, before: AnyApp | None) -> None:
        """A version went live: triggers that live in jobs are set up where they are new."""
        for definition in app.parts("flows"):
            part = f"flows:{definition['id']}"
            if definition.get("off") or (before is not None and before.hashes.get(part) == app.hashes.get(part)):
                continue
            flow = known(app.id, definition)
            trigger_types.get(flow.trigger["type"]).published(uow, flow, flow.trigger, app.zone)

    # ---- inside

    def _meet(self, uow: UnitOfWork, app: AnyApp, change: Change, entries: list[Entry]) -> None:
        context = _context(uow, app, change)
        watch = Watch(uow, change, context, lambda text: formulas.holds(uow, context, text))
        for flow, kind, settings in entries:
            try:
                kind.follow(uow, change, flow, settings, context)
                fired = kind.fires(watch, flow, settings)
            except AppError as error:
                self._refuse(uow, context, flow, error, None)
                continue
            if fired is not None:
                self.begin(uow, context, flow, key=fired.key)

    def _begin(self, uow: UnitOfWork, context: Context, flow: Flow, key: str | None) -> int | None:
        try:
            with uow.attempt():
                return self._run(uow, context, flow, key)
        except (Busy, Conflict):
            raise
        except Exception as error:  # whatever it is, the save that set this off must stand
            if getattr(error, "sqlstate", None) in AGAIN:
                raise
            self._refuse(uow, context, flow, error, key)
            return None

    def _run(self, uow: UnitOfWork, context: Context, flow: Flow, key: str | None) -> int | None:
        self._keep(uow, flow)
        row = _new_row(uow, context, flow, key)
        number = store.add_instance(uow, row)
        if number is None:
            return None
        run = Run(uow, context.app, flow, row | {"id": number, "ended_at": None}, [])
        run.know(context.facts, context.old)
        store.add_log(uow, number, "start", data={"by": flow.trigger["type"], "cause": row["cause"]})
        run.move(Signal("start"))
        return number

    def _keep(self, uow: UnitOfWork, flow: Flow) -> None:
        if flow.hash not in self._kept:
            stored = flow.definition if flow.own is None else SHARED
            store.keep_version(uow, flow.app, flow.id, flow.hash, _packed(stored))
            uow.after.append(lambda: self._kept.add(flow.hash))

    def _chained(self, context: Context) -> Context:
        """A flow that a flow started stands one deeper in the chain."""
        return context if context.root is None else replace(context, depth=context.depth + 1)

    def _guard(self, uow: UnitOfWork, context: Context, flow: Flow) -> None:
        if context.root is None:
            return
        links = store.chain(uow, context.root)
        same = sum(link == (flow.id, flow.form, context.record) for link in links)
        if context.depth > DEPTH or same >= SAME:
            ring = [f"{name}({form} {record})" for name, form, record in links[-DEPTH:]]
            raise Ring(ring=" → ".join([*ring, flow.id]), depth=context.depth)

    def _refuse(self, uow: UnitOfWork, context: Context, flow: Flow, error: Exception, key: str | None) -> None:
        incidents.open_one(
            uow,
            "flow",
            error,
            app=context.app.id,
            part=f"flow:{flow.id}",
            form=flow.form,
            record=context.record,
            details={"key": key, "start": True},
        )

    def _later(self, uow: UnitOfWork, context: Context, flow: Flow, key: str | None) -> None:
        payload = {
            "app": context.app.id,
            "flow": flow.id,
            "record": context.record,
            "person": context.person,
            "root": context.root,
            "depth": context.depth - 1,
            "key": key,
        }
        queue.enqueue(uow, "flow_start", payload)

    def _cancel_all(self, uow: UnitOfWork, app: str, form: str, record: int) -> None:
        for number in store.live_of_record(uow, app, form, record):
            self.load(uow, number).stop(CANCELLED, {"why": "record deleted"})

    def _waits_on_fields(self, app: AnyApp, form: str) -> bool:
        """Whether any flow of the live version waits for a day in a record of this form."""
        found = app.notes.get("field_waits")
        if found is None:
            found = {
                part.get("form")
                for part in app.parts("flows")
                for node in part["nodes"]
                if node["type"] == "wait" and "at" in node
            }
            app.notes["field_waits"] = found
        return form in found

    def _move_waits(self, uow: UnitOfWork, app: AnyApp, form: str, change: Change) -> None:
        for number in store.live_of_record(uow, app.id, form, change.id or 0):
            run = self.load(uow, number)
            for token in run.state.tokens:
                node = run.flow.nodes.get(token.node, {})
                if token.state == WAITING and node.get("at", {}).get("field") in change.changed:
                    wait_until(uow, number, token, timing.due_of_wait(uow, run.context(), node))


def _new_row(uow: UnitOfWork, context: Context, flow: Flow, key: str | None) -> store.Row:
    cause = context.cause
    return {
        "app": context.app.id,
        "flow": flow.id,
        "hash": flow.hash,
        "state": RUNNING,
        "rev": 0,
        "form": flow.form or None,
        "record": context.record,
        "kept": "{}",
        "starter": context.person,
        "cause": f"{cause.kind}:{cause.ref}" if cause.ref else cause.kind,
        "root": context.root,
        "depth": context.depth,
        "dedup_key": key,
        "started_at": uow.now,
        "own": None if flow.own is None else _packed(flow.own),
    }


def _packed(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _context(uow: UnitOfWork, app: AnyApp, change: Change) -> Context:
    root, depth = change.chain or (None, 0)
    old = {name: change.before(name) for name in change.source.blank}
    form = app.form(change.source.form)
    person: Any = uow.on_behalf or uow.actor.id or None
    return Context(app, uow.cause, form, change.id, dict(change.facts), old, person, root=root, depth=depth)
