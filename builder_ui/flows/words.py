"""What the drawing of a flow says: the line on each card, the names of branches, and what is wrong where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engines.apps.schemas import Problem
from engines.core.access import people
from engines.core.actions import action_types
from engines.core.actions.told import Names, joined, long, plain, said
from engines.core.formula.env import date_at
from engines.core.kernel.errors import AppError, UnknownType
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records.names import SourceNames
from engines.flow import node_types, trigger_types
from engines.rule.compile import TRIGGERED
from runtime import render

from ..base import Page
from ..conditions import board as condition_cards
from ..conditions import words as condition_words
from ..conditions.board import Board
from ..conditions.cards import read
from ..conditions.sentences import known
from .graph import START, Edge
from .starters import DO, glyph, tone

CARD = "#"
"""In a selection, before the branch and the card of its condition."""
TRIGGER: Label = {"zh": "触发", "en": "Trigger"}
WAY: Label = {"zh": "分支 {n}", "en": "Way {n}"}
NEXT: Label = {"zh": "然后", "en": "then"}


@dataclass(frozen=True)
class Shown:
    """A card: `line` below its name, `chip` at its end (the time it has), `wrong` as a badge."""

    kind: str
    icon: str
    tone: str
    name: str
    line: str
    chip: str = ""
    wrong: tuple[str, ...] = ()


@dataclass
class Speaker:
    """Says everything of one flow in the reader's language; each thing is worked out once."""

    look: Look
    page: Page
    _cards: dict[str, Shown] = field(default_factory=dict)
    _edges: dict[str, str] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)

    def card(self, step: str) -> Shown:
        if step not in self._cards:
            self._cards[step] = self._start() if step == START else self._step(self.nodes[step])
        return self._cards[step]

    @cached_property
    def body(self) -> Definition:
        return self.page.body

    @cached_property
    def nodes(self) -> dict[str, Definition]:
        return {node["id"]: node for node in self.body["nodes"]}

    @cached_property
    def edges(self) -> dict[str, Definition]:
        return {str(edge["id"]): edge for edge in reversed(self.body["edges"]) if "id" in edge}

    @cached_property
    def problems(self) -> list[Problem]:
        return self.page.part_problems()

    @cached_property
    def wrong(self) -> dict[str, list[str]]:
        """What is wrong by step; "" is the flow itself."""
        found: dict[str, list[str]] = {}
        for path, words in self.problems:
            found.setdefault(step_at(self.body, path), []).append(render.label(words))
        return found

    @cached_property
    def names(self) -> Names:
        definition = self.page.definition
        form = next((one for one in definition["forms"] if one["id"] == self.page.body.get("form")), {"fields": []})
        kinds = ("roles", "forms", "flows", "messages")
        labels = {kind: {p["id"]: p["label"] for p in definition.get(kind, ())} for kind in kinds}
        fields = {f["id"]: f for f in form["fields"]}
        return Names(fields, people=people.names(self.look.session), **labels)

    @cached_property
    def _source(self) -> Any:
        try:
            return self.page.draft.compiled.form(str(self.page.body.get("form", ""))).source
        except (AppError, LookupError):
            return None

    def edge(self, edge: Edge) -> str:
        """A branch as a sentence: its own name, its condition, or the way out it takes."""
        if edge.id not in self._edges:
            self._edges[edge.id] = self._edge(edge)
        return self._edges[edge.id]

    def ways(self, edges: Iterable[Edge]) -> str:
        """Where ways out lead, for those who do not see the wires."""
        return "".join(f"; {self.edge(one)} → {self.card(one.target).name}" for one in edges)

    def _edge(self, edge: Edge) -> str:
        if edge.label:
            return render.label(edge.label)
        when = self.edges.get(edge.id, {}).get("when")
        return self.condition(edge.id, str(when)) if when else render.label(self._way(edge))

    def condition(self, edge: str, text: str) -> str:
        """A condition as one would say it; as it stands where it cannot be read."""
        if text not in self._said:
            board = self.board(edge, text)
            self._said[text] = condition_words.sentence(board).striptags() if board else text
        return self._said[text]

    def cards(self, edge: str, text: str) -> dict[str, Any] | None:
        """The condition of a branch as cards; None when only the formula can be shown."""
        board = self.board(edge, text)
        return condition_cards.draw(board) if board else None

    def board(self, edge: str, text: str) -> Board | None:
        """A condition with what its cards need; None where the form is not there."""
        if self._source is None:
            return None
        names, page = SourceNames(self._source), self.page
        chosen = page.sel.partition(CARD)[2].removeprefix(f"{edge}:") if f"{CARD}{edge}:" in page.sel else ""
        return Board(
            text,
            names,
            context=TRIGGERED,
            known=known(self.look, page.draft, read(text, names)),
            today=date_at(self.look.now, self._source.zone),
            slot=edge,
            chosen=chosen,
            problems=page.problems,
            typed=page.typed,
        )

    def _way(self, edge: Edge) -> Label:
        node = self.nodes.get(edge.source)
        if node is None:
            return NEXT
        kind = _kind(node)
        if kind is None:
            return plain(edge.port)
        if kind.splits and edge.port != "else":
            out = [one for one in self.body["edges"] if one["from"] == edge.source and one.get("port") != "else"]
            number = next((n for n, one in enumerate(out, 1) if str(one.get("id")) == edge.id), 1)
            return {lang: words.format(n=number) for lang, words in WAY.items()}
        port = edge.port or next(iter(kind.ports(node)), "")
        return kind.port_labels.get(port) or _late(node, port) or (plain(port) if port else NEXT)

    def _start(self) -> Shown:
        trigger = self.page.body.get("trigger", {"type": "button"})
        try:
            name = render.label(trigger_types.get(trigger["type"]).label)
        except UnknownType:
            name = str(trigger["type"])
        form = self.names.forms.get(str(self.page.body.get("form", "")), {})
        line = render.label(joined([TRIGGER, form]))
        return Shown(render.label(TRIGGER), "bolt", tone(START), name, line, wrong=tuple(self.wrong.get(START, ())))

    def _step(self, node: Definition) -> Shown:
        kind, wrong = _kind(node), tuple(self.wrong.get(node["id"], ()))
        if kind is None:
            return Shown(node["type"], "help", "bad", _name(node, plain(node["type"])), node["type"], wrong=wrong)
        called = _does(node) if node["type"] == DO and _does(node) else kind
        line = kind.line(node, self.names)
        due = render.label(long(node["due"])) if node.get("due") else ""
        return Shown(
            render.label(called.label),
            glyph(called),
            tone(node["type"]),
            _name(node, called.label),
            render.label(line if any(line.values()) else called.label),
            due,
            wrong,
        )


def step_at(flow: Definition, path: str) -> str:
    """The step that a problem's path is about; a line is about the step it leaves."""
    where, _, rest = path.lstrip("/").partition("/")
    number = rest.partition("/")[0]
    items = flow.get(where, ()) if where in ("nodes", "edges") else ()
    if where == "trigger":
        return START
    if not number.isdigit() or int(number) >= len(items):
        return ""
    return str(items[int(number)].get("id" if where == "nodes" else "from", ""))


def _name(node: Definition, usual: Label) -> str:
    return render.label(node["label"]) if node.get("label") else render.label(usual)


def _kind(node: Definition) -> Any:
    try:
        return node_types.get(node["type"])
    except UnknownType:
        return None


def _does(node: Definition) -> Any:
    try:
        return action_types.get(node["do"]["type"])
    except (UnknownType, KeyError):
        return None


def _late(node: Definition, port: str) -> Label | None:
    """A way out that a deadline takes."""
    found = next((one for one in node.get("deadlines", ()) if one.get("port") == port), None)
    return said("{long}没办完", "not done after {long}", long=long(found["after"])) if found else None
