"""One step of a run, pure: a state and a signal in, a new state and effects out. No clock, no database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

from .base import START
from .compile import Flow, NoWayOn

ACTIVE, WAITING, JOINED, FAILED = "active", "waiting", "joined", "failed"
RUNNING, DONE, REJECTED, CANCELLED, INCIDENT, SUSPENDED = (
    "running", "done", "rejected", "cancelled", "incident", "suspended",
)  # fmt: skip
MOST_STEPS = 1000
FORKS = "_forks"
"""How many forks the run has come to: their numbers name them."""
Ask = Callable[[str, Mapping[str, Any]], bool]
"""Evaluates a condition on the record as it is now, and on what the flow keeps."""


class TooManySteps(AppError):
    code = "too_many_steps"
    words = {"zh": "流程一口气走了 {count} 步还没停", "en": "The flow made {count} steps without coming to rest"}


@dataclass(frozen=True)
class Token:
    """Where a run stands. `fork` is the path of forks it came through, such as `1/3`; ids below zero are not stored
    yet."""

    id: int
    node: str
    state: str = ACTIVE
    fork: str = ""


@dataclass(frozen=True)
class State:
    """A run between two signals. `values` is what the flow keeps: each finished step's outcome under its id."""

    tokens: tuple[Token, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    status: str = RUNNING
    fresh: int = 0
    """The lowest id that a token had which was not stored."""


@dataclass(frozen=True)
class Signal:
    """Something happened to a token: `start` (no token), `leave` (its step is over, by `port`), `enter` (try the step
    again). `values` are kept."""

    what: str
    token: int = 0
    port: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """What the engine has to do: `act` (perform the node's action, then signal), `open` (give people their tasks),
    `wait` (a timer), `drop` (the token is gone: its tasks and timers too), `tell` (people to be informed), `fail` (the
    token stands still at an error), `log`."""

    what: str
    token: Token
    data: Mapping[str, Any] = field(default_factory=dict)


def run(flow: Flow, state: State, signal: Signal, ask: Ask) -> tuple[State, list[Effect]]:
    """On until every token waits, failed, or has an action to be performed."""
    step = Step(flow, state, ask)
    step.take(signal)
    return step.state(), step.effects


class Step:
    """The state while it moves; what nodes ask for comes through these methods."""

    def __init__(self, flow: Flow, state: State, ask: Ask) -> None:
        self.flow, self._ask = flow, ask
        self.tokens = {token.id: token for token in state.tokens}
        self.values, self.status = dict(state.values), state.status
        self.effects: list[Effect] = []
        self._ready: list[Token] = []
        self._fresh = state.fresh

    def take(self, signal: Signal) -> None:
        self.values |= signal.values
        if signal.what == "start":
            self._put(Token(self._new(), START), self._first())
        elif signal.what == "enter":
            self._put(self.tokens[signal.token], self.tokens[signal.token].node)
        else:
            self._leave(self.tokens[signal.token], signal.port)
        self._go()

    def state(self) -> State:
        return State(tuple(self.tokens.values()), self.values, self.status, self._fresh)

    def ask(self, text: str) -> bool:
        """Does a condition hold now?"""
        return self._ask(text, self.values)

    def leave(self, token: Token, port: str) -> None:
        """On by a port. An unconnected side port ends the token; the usual one must lead somewhere."""
        usual = self.flow.kind(token.node).ports(self.flow.nodes[token.node])[:1]
        target = self.flow.follow(token.node, port)
        if target is None and (port,) == usual:
            raise NoWayOn(node=token.node, port=port)
        self.log("leave", token, port=port, to=target or "")
        if target is None:
            self.end(token, REJECTED if port == "reject" else DONE)
        else:
            self._put(token, target)

    def to(self, token: Token, target: str) -> None:
        """Along one edge chosen by the node itself."""
        self.log("leave", token, to=target)
        self._put(token, target)

    def split(self, token: Token, targets: list[str]) -> None:
        """One token becomes several that know where they came from."""
        self.values[FORKS] = int(self.values.get(FORKS, 0)) + 1
        scope = f"{token.fork}/{self.values[FORKS]}".strip("/")
        self.log("fork", token, branches=len(targets), to=targets)
        self._remove(token)
        for target in targets:
            self._put(Token(self._new(), token.node, fork=scope), target)

    def join(self, token: Token) -> None:
        """Waits for the others of its fork; `_go` looks whether any can still come."""
        self._set(replace(token, state=JOINED))

    def merge(self, joined: list[Token], port: str) -> None:
        """Several become one again, outside their fork."""
        first, rest = joined[0], joined[1:]
        for token in rest:
            self._remove(token)
        self.leave(replace(first, state=ACTIVE, fork=first.fork.rpartition("/")[0]), port)

    def wait(self, token: Token, what: str, **data: Any) -> None:
        """The token stands here until a signal comes; `what` the engine has to set up: open or wait."""
        waiting = replace(token, state=WAITING)
        self._set(waiting)
        self.effects.append(Effect(what, waiting, data))

    def act(self, token: Token, settings: Definition) -> None:
        """The engine performs an action, and signals."""
        self._set(token)
        self.effects.append(Effect("act", token, settings))

    def tell(self, token: Token, settings: Definition) -> None:
        self.effects.append(Effect("tell", token, settings))

    def log(self, what: str, token: Token, **data: Any) -> None:
        self.effects.append(Effect("log", token, {"what": what, **data}))

    def end(self, token: Token, status: str) -> None:
        """This token is through; the run with the last one. A rejected or cancelled end stops the whole run."""
        self.log("end", token, status=status)
        self._remove(token)
        if status in (REJECTED, CANCELLED):
            for other in list(self.tokens.values()):
                self.drop(other)
        if not self.tokens:
            self.status = status

    def drop(self, token: Token) -> None:
        """A token is taken away with all that waits for it."""
        self._remove(token)
        self.effects.append(Effect("drop", token))

    def siblings(self, token: Token) -> list[Token]:
        """Living tokens of the same fork, those of forks inside it too, without itself."""
        scope = token.fork
        inside = (t for t in self.tokens.values() if t.fork == scope or t.fork.startswith(scope + "/"))
        return [other for other in inside if other.id != token.id]

    def _leave(self, token: Token, port: str) -> None:
        try:
            self.leave(token, port)
        except AppError as error:
            self.fail(token, error)

    def _first(self) -> str:
        target = self.flow.follow(START, "")
        if target is None:
            raise NoWayOn(node=START, port="")
        return target

    def _put(self, token: Token, target: str) -> None:
        arrived = replace(token, node=target, state=ACTIVE)
        self._set(arrived)
        self._ready.append(arrived)

    def _go(self) -> None:
        count = 0
        while self._ready:
            token = self._ready.pop(0)
            if token.id in self.tokens:
                self._enter(token)
            if not self._ready:
                self._release()
            count += 1
            if count > MOST_STEPS:
                raise TooManySteps(count=count)
        self._release()

    def _enter(self, token: Token) -> None:
        """An error that a node foresees keeps its token there; the others go on."""
        try:
            self.flow.kind(token.node).enter(self, token, self.flow.nodes[token.node])
        except AppError as error:
            self.fail(token, error)

    def fail(self, token: Token, error: Exception) -> None:
        failed = replace(token, state=FAILED)
        self._set(failed)
        self.effects.append(Effect("fail", failed, {"error": error}))

    def _release(self) -> None:
        """Joins whose others have come, or can no longer come."""
        for token in [t for t in self.tokens.values() if t.state == JOINED]:
            if token.id in self.tokens and self.tokens[token.id].state == JOINED:
                self.flow.kind(token.node).release(self, token, self.flow.nodes[token.node])
        if self._ready:
            self._go()

    def _set(self, token: Token) -> None:
        self.tokens[token.id] = token

    def _remove(self, token: Token) -> None:
        self.tokens.pop(token.id, None)
        self._ready = [other for other in self._ready if other.id != token.id]

    def _new(self) -> int:
        self._fresh -= 1
        return self._fresh
