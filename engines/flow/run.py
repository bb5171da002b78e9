"""One run of a flow while a signal moves it: the pure step decides, this does what it asks for and writes it down."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from engines.core.actions import formulas
from engines.core.actions.base import Context
from engines.core.actions.run import acting, perform
from engines.core.actions.services import AnyApp, People, Records
from engines.core.jobs import incidents, queue
from engines.core.kernel.errors import AppError, Busy, Conflict
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records.source import Values

from . import opening, step, store, timing
from .compile import Flow
from .deadlines import subject
from .step import FAILED, INCIDENT, RUNNING, Effect, Signal, State, Token

AGAIN = ("40001", "40P01", "55P03")
VISITS = "_visits"


class Run:
    """`row` is the stored run. Everything is written by `move`; a caller that raises takes it all back."""

    def __init__(self, uow: UnitOfWork, app: AnyApp, flow: Flow, row: store.Row, tokens: list[Token]) -> None:
        self.uow, self.app, self.flow, self.row = uow, app, flow, row
        self._stored = {token.id: token for token in tokens}
        self._ids: dict[int, int] = {}
        self._facts: Values | None = None
        self._old: Values | None = None
        kept = orjson.loads(row["kept"])
        self.state = State(tuple(tokens), kept, RUNNING if row["state"] == INCIDENT else row["state"])

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def people(self) -> People:
        found: People = self.uow.service("people")
        return found

    @property
    def cause(self) -> Cause:
        return Cause("flow", self.flow.id, self.app.version, tuple(sorted(self.flow.label.items())))

    def know(self, facts: Values, old: Values | None = None) -> None:
        """The record as the change left it that started this run, so that it need not be read again."""
        self._facts, self._old = facts, old

    def forget(self) -> None:
        """The record was written meanwhile: read it again when it is asked for."""
        self._facts = self._old = None

    def context(self) -> Context:
        """What actions, texts and conditions of this run work on, as it is now."""
        form = self.app.form(self.flow.form) if self.flow.form and self.row["record"] is not None else None
        if form is not None and self._facts is None:
            records: Records = self.uow.service("records")
            self._facts = records.read(self.uow, form, self.row["record"])
        return Context(
            self.app,
            self.cause,
            form,
            self.row["record"],
            self._facts or {},
            self._old,
            self.row["starter"],
            root=self.row["root"] or self.id,
            depth=self.row["depth"],
            instance=self.id,
            values=self._kept(self.state.values),
        )

    def token(self, number: int, node: str = "") -> Token | None:
        """A token that still stands (at that step)."""
        found = next((token for token in self.state.tokens if token.id == number), None)
        return found if found is not None and (not node or found.node == node) else None

    def move(self, *signals: Signal) -> None:
        """On until nothing is left to do at once; then the run is written down."""
        todo = list(signals)
        with acting(self.uow, self.cause, person=self.row["starter"]):
            while todo:
                signal = todo.pop(0)
                signal = replace(signal, token=self._ids.get(signal.token, signal.token))
                self.state, effects = step.run(self.flow, self.state, signal, self._ask)
                todo += [found for effect in effects if (found := self._do(effect)) is not None]
        self._save()

    def stop(self, status: str, why: Mapping[str, Any]) -> None:
        """The run ends here: nobody has anything to do for it any more."""
        for token in self.state.tokens:
            queue.cancel(self.uow, subject=subject(token.id))
        store.close_tasks(self.uow, state="cancelled", instance_id=self.id)
        store.add_log(self.uow, self.id, status, data=why)
        self.state = State((), self.state.values, status)
        incidents.close_of_instance(self.uow, self.id, status)
        self._save()

    def fail(self, token: Token, error: Exception) -> None:
        """The token stands still with an incident; somebody retries or skips it."""
        failed = replace(token, state=FAILED)
        self._set(failed)
        self._sync()
        failed = replace(failed, id=self._ids.get(failed.id, failed.id))
        code, said = incidents.described(error)
        store.add_log(self.uow, self.id, "incident", node=token.node, data={"code": code, **_words(said)})
        self._incident(error, {"token": failed.id, "node": token.node})

    def _incident(self, error: Exception, details: Definition) -> None:
        incidents.open_one(
            self.uow,
            "flow",
            error,
            app=self.app.id,
            part=f"flow:{self.flow.id}",
            form=self.flow.form,
            record=self.row["record"],
            instance=self.id,
            details=details,
        )

    def _ask(self, text: str, values: Mapping[str, Any]) -> bool:
        return formulas.holds(self.uow, replace(self.context(), values=self._kept(values)), text)

    def _do(self, effect: Effect) -> Signal | None:
        """What a step foresees keeps its token there; anything else takes the whole step of the run back."""
        try:
            signal: Signal | None = DO[effect.what](self, effect)
            return signal
        except (Busy, Conflict):
            raise
        except AppError as error:
            self.fail(effect.token, error)
            return None

    def _act(self, effect: Effect) -> Signal | None:
        """An action that fails takes back what it wrote, whatever it was; the others of this run go on."""
        try:
            with self.uow.attempt():
                done = perform(self.uow, self.context(), dict(effect.data))
        except (Busy, Conflict):
            raise
        except Exception as error:
            if getattr(error, "sqlstate", None) in AGAIN:
                raise
            self.fail(effect.token, error)
            return None
        self.forget()
        data = {"type": effect.data["type"], **done}
        store.add_log(self.uow, self.id, "acted", node=effect.token.node, data=data)
        return Signal("leave", effect.token.id)

    def _open(self, effect: Effect) -> Signal | None:
        token = self._real(effect.token)
        port = opening.open_tasks(self.uow, self.flow, self.context(), token, visit=self._visit())
        return Signal("leave", token.id, port, {token.node: port}) if port else None

    def _visit(self) -> int:
        """The next number for a step that people are asked at: a way back asks them anew."""
        number = int(self.state.values.get(VISITS, 0)) + 1
        self.state = replace(self.state, values={**self.state.values, VISITS: number})
        return number

    def _wait(self, effect: Effect) -> None:
        token = self._real(effect.token)
        settings = self.flow.nodes[token.node]
        due = timing.due_of_wait(self.uow, self.context(), settings)
        wait_until(self.uow, self.id, token, due)

    def _tell(self, effect: Effect) -> None:
        people = opening.tell(self.uow, self.flow, self.context(), dict(effect.data))
        store.add_log(self.uow, self.id, "told", node=effect.token.node, data={"people": people})

    def _drop(self, effect: Effect) -> None:
        if effect.token.id > 0:
            queue.cancel(self.uow, subject=subject(effect.token.id))
            store.close_tasks(self.uow, state="cancelled", token_id=effect.token.id)

    def _log(self, effect: Effect) -> None:
        data = {name: value for name, value in effect.data.items() if name != "what" and value != ""}
        store.add_log(self.uow, self.id, effect.data["what"], node=effect.token.node, data=data)

    def _failed(self, effect: Effect) -> None:
        self.fail(effect.token, effect.data["error"])

    def _real(self, token: Token) -> Token:
        """The token with the id it has in the database."""
        self._sync()
        return replace(token, id=self._ids.get(token.id, token.id))

    def _sync(self) -> None:
        """The tokens as they stand are written; new ones get their ids."""
        now = {token.id: token for token in self.state.tokens}
        for number in self._stored.keys() - now.keys():
            store.drop_token(self.uow, number)
            del self._stored[number]
        for token in self.state.tokens:
            if token.id < 0:
                token = self._add(token)
            elif self._stored[token.id] != token:
                store.move_token(self.uow, token)
            self._stored[token.id] = token
        self.state = replace(self.state, tokens=tuple(self._stored.values()))

    def _add(self, token: Token) -> Token:
        number = store.add_token(self.uow, self.id, token)
        self._ids[token.id] = number
        return replace(token, id=number)

    def _set(self, token: Token) -> None:
        number = self._ids.get(token.id, token.id)
        tokens = [replace(token, id=number) if t.id == number else t for t in self.state.tokens]
        self.state = replace(self.state, tokens=tuple(tokens))

    def _save(self) -> None:
        self._sync()
        failed = any(token.state == FAILED for token in self.state.tokens)
        status = INCIDENT if failed and self.state.status == RUNNING else self.state.status
        kept = orjson.dumps(dict(self.state.values)).decode()
        if (status, kept) == (self.row["state"], self.row["kept"]):
            return
        ended = self.uow.now if status not in store.LIVE else None
        if not store.save_instance(self.uow, self.id, self.row["rev"], state=status, kept=kept, ended=ended):
            raise Conflict(run=self.id)
        self.row |= {"state": status, "kept": kept, "ended_at": ended, "rev": self.row["rev"] + 1}

    def _kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Outcomes by step; a step that nobody decided yet is blank."""
        return dict.fromkeys(self.flow.people) | {n: v for n, v in values.items() if not n.startswith("_")}


DO: dict[str, Any] = {
    "act": Run._act,
    "open": Run._open,
    "wait": Run._wait,
    "tell": Run._tell,
    "drop": Run._drop,
    "log": Run._log,
    "fail": Run._failed,
}


def wait_until(uow: UnitOfWork, run: int, token: Token, due: int | None) -> None:
    """The timer of a waiting token, set or moved; without an instant it waits for its field to be filled in."""
    key = f"timer:{token.id}"
    if due is None:
        queue.cancel(uow, key=key)
        store.add_log(uow, run, "waits", node=token.node)
        return
    payload = {"run": run, "token": token.id, "node": token.node, "due": max(due, uow.now)}
    queue.enqueue(
        uow, "flow_timer", payload, run_at=max(due, uow.now), key=key, replace=True, subject=subject(token.id)
    )
    store.add_log(uow, run, "waits", node=token.node, data={"until": due})


def _words(said: Mapping[str, Any]) -> dict[str, Any]:
    return {language: said[language] for language in ("zh", "en")}
