"""What every designer stands on: the blueprint, the draft on the page, and how a designer says what it can do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask import Blueprint, g
from werkzeug.datastructures import MultiDict

from engines.apps import draft
from engines.apps.check import MEANING
from engines.apps.draft import Draft
from engines.apps.edits import find, has
from engines.apps.schemas import Problem, known
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from runtime.guard import platform

build = Blueprint("build", __name__, url_prefix="/build", template_folder="templates")
Sent = MultiDict[str, str]
Edit = tuple[str, dict[str, Any], str]
"""(operation, its arguments, what is selected afterwards)."""


@dataclass
class Page:
    """One designer as one person sees it: the draft, the part that is open in it, and what is selected (`sel`)."""

    draft: Draft
    kind: str
    part: str
    sel: str = ""
    problems: dict[str, Any] = field(default_factory=dict)
    """Refused input by the name of its control."""
    typed: dict[str, Any] = field(default_factory=dict)

    @property
    def app(self) -> str:
        return self.draft.app

    @property
    def definition(self) -> Definition:
        return self.draft.definition

    @property
    def body(self) -> Definition:
        """The definition of the open part; NotFound when it is not in the draft."""
        if not has(self.definition, [self.kind, self.part]):
            raise NotFound(part=self.part)
        found: Definition = find(self.definition, [self.kind, self.part])
        return found

    def parts(self, kind: str) -> list[Definition]:
        return list(self.definition.get(kind, ()))

    def part_problems(self) -> list[Problem]:
        """What is wrong in the open part, with paths in it; other parts are checked beside the work."""
        return part_problems(self.draft, self.kind, self.part)


class Designer:
    """One kind of part: its panes are templates `build/<folder>/<pane>.html`, each morphed into `#<pane>`."""

    kind: ClassVar[str]
    folder: ClassVar[str]
    panes: ClassVar[tuple[str, ...]] = ("side", "canvas", "props")

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        """What the templates get beside `page`."""
        return {}

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        """A command of this designer's page as an operation on the draft."""
        raise NotFound(op=op)


DESIGNERS: dict[str, Designer] = {}


def designer(cls: type[Designer]) -> type[Designer]:
    """Class decorator: the designer of its kind of part."""
    DESIGNERS[cls.kind] = cls()
    return cls


def read(app: str, fn: Callable[[Look, Draft], Any]) -> Any:
    """One snapshot with the draft in it."""
    return platform().look(g.actor, lambda look: fn(look, draft.current(look, app)))


def part_problems(found: Draft, kind: str, part: str) -> list[Problem]:
    """Shape first, then meaning, of one part only."""
    from engines.apps.check import shape_of_part

    body = find(found.definition, [kind, part])
    problems = list(shape_of_part(kind, body))
    if problems or kind not in MEANING:
        return problems
    try:
        return list(MEANING[kind](found.compiled, body))
    except (AppError, LookupError, StopIteration) as error:
        words = {lang: error.say(lang) if isinstance(error, AppError) else str(error) for lang in ("zh", "en")}
        return [("", words)]


def has_engine(kind: str) -> bool:
    """Is there an engine for this kind of part in this release?"""
    return known(SINGULAR.get(kind, "-"))


SINGULAR = {"forms": "form", "rules": "rule", "tables": "table", "flows": "flow", "reports": "report", "roles": "role",
            "dashboards": "dashboard", "datasets": "dataset", "messages": "message"}  # fmt: skip


def fresh(name: str, taken: Any) -> str:
    """`name`, or `name_2` and so on: the first that is not taken."""
    if name not in taken:
        return name
    return next(f"{name}_{n}" for n in range(2, 10_000) if f"{name}_{n}" not in taken)


def spots(problems: list[Problem], body: Definition) -> dict[str, list[dict[str, str]]]:
    """Problems of a part by the field they are about; "" is the part itself."""
    found: dict[str, list[dict[str, str]]] = {}
    for path, words in problems:
        steps = path.split("/")[1:]
        inside = steps[:1] == ["fields"] and len(steps) > 1 and steps[1].isdigit()
        name = (
            str(body["fields"][int(steps[1])].get("id", "")) if inside and int(steps[1]) < len(body["fields"]) else ""
        )
        found.setdefault(name, []).append(words)
    return found


STAND_INS = {
    "chat": "msg",
    "task": "flag",
    "send": "mail",
    "end": "stop",
    "fork": "branch",
    "join": "branch",
    "button": "hand",
}
"""Icons that a type names and the sprite does not have."""


def icon(name: str) -> str:
    return STAND_INS.get(name, name)
