"""Parts of any kind: a new one, one that goes, on and off."""

from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from engines.apps import draft
from engines.apps.diff import KINDS, named, word
from engines.apps.draft import Draft
from engines.apps.edits import find
from engines.apps.usage import Use, uses_of_message
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork
from runtime.figures import LANGUAGES
from runtime.guard import platform, right

from .base import DESIGNERS, build, fresh, has_engine


class InUse(AppError):
    """What other parts lean on stays until they do not."""

    code = "in_use"
    words = {
        "zh": "{n} 处还在用它：{zh}；先在那里换掉，再删",
        "en": "{n} places still use it: {en}; choose another one there, then delete it",
    }

    def __init__(self, found: Definition, uses: list[Use]) -> None:
        at = {
            lang: dict.fromkeys(word(named(find(found, [u.kind, u.part]), u.part), lang) for u in uses)
            for lang in LANGUAGES
        }
        super().__init__(n=len(uses), zh="、".join(at["zh"]), en=", ".join(at["en"]))


def starter(found: Draft, kind: str) -> Definition:
    """A new part that says little and is whole."""
    word = {"tables": "table"}.get(kind, kind.rstrip("s"))
    name = fresh(word, {part["id"] for part in found.definition.get(kind, ())})
    label = {lang: f"{text} {name.removeprefix(word).lstrip('_')}".strip() for lang, text in _new(kind).items()}
    return {"id": name, "title" if kind in TITLED else "label": label} | STARTERS[kind](found)


def _new(kind: str) -> dict[str, str]:
    return {"zh": f"新{KINDS[kind]['zh']}", "en": f"New {KINDS[kind]['en'].lower()}"}


def _first_form(found: Draft) -> Definition:
    return found.definition["forms"][0]


def _form(found: Draft) -> Definition:
    title = {"id": "title", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True, "width": 12}
    return {"icon": "form", "title": "title", "fields": [title]}


def _rule(found: Draft) -> Definition:
    form = _first_form(found)
    return {"form": form["id"], "kind": "event", "enabled": False, "on": {"events": ["created"]}, "then": []}


def _table(found: Draft) -> Definition:
    form, field = next(
        ((form, f) for form in found.definition["forms"] for f in form["fields"] if f["type"] == "select"),
        (_first_form(found), _first_form(found)["fields"][0]),
    )
    options = field.get("options") or [{"id": ""}]
    row = {"when": [""], "then": options[0]["id"]}
    return {"form": form["id"], "enabled": False, "sets": field["id"], "hit": "first",
            "inputs": [{"formula": form["fields"][0]["id"]}], "rows": [row]}  # fmt: skip


def _role(found: Draft) -> Definition:
    return {"forms": {"*": {"actions": ["view"], "rows": "own"}}}


def _flow(found: Draft) -> Definition:
    return {
        "form": _first_form(found)["id"],
        "off": True,
        "trigger": {"type": "button"},
        "nodes": [{"id": "end", "type": "end", "label": {"zh": "结束", "en": "End"}}],
        "edges": [{"id": "e1", "from": "start", "to": "end"}],
    }


def _dataset(found: Draft) -> Definition:
    count = {"id": "records", "label": {"zh": "记录数", "en": "Records"}, "agg": "count"}
    return {"source": _first_form(found)["id"], "measures": [count]}


def _report(found: Draft) -> Definition:
    datasets = found.definition.get("datasets", [])
    over = {"dataset": datasets[0]["id"]} if datasets else {"source": _first_form(found)["id"]}
    return over


def _dashboard(found: Draft) -> Definition:
    return {"widgets": []}


def _message(found: Draft) -> Definition:
    return {"form": _first_form(found)["id"], "text": {"zh": "你好", "en": "Hello"}}


STARTERS: dict[str, Any] = {
    "forms": _form,
    "rules": _rule,
    "tables": _table,
    "roles": _role,
    "flows": _flow,
    "datasets": _dataset,
    "reports": _report,
    "dashboards": _dashboard,
    "messages": _message,
}
TITLED = ("reports", "dashboards")
"""Parts whose name is their `title`."""


@build.post("/<app>/<kind>/new")
@right("builder")
def new_part(app: str, kind: str) -> AnyResponse:
    """A new part in the draft, and its page."""
    if kind not in STARTERS or kind not in DESIGNERS or not has_engine(kind):
        raise NotFound(kind=kind)

    def work(uow: UnitOfWork) -> str:
        value = starter(draft.current(uow, app), kind)
        draft.edit(uow, app, "add", {"at": [kind], "value": value})
        return str(value["id"])

    part = platform().run(g.actor, work)
    return redirect(url_for(".page", app=app, kind=kind, part=part))


@build.post("/<app>/<kind>/<part>/delete")
@right("builder")
def delete_part(app: str, kind: str, part: str) -> AnyResponse:
    """Out of the draft; undo brings it back. InUse while actions send it."""

    def work(uow: UnitOfWork) -> None:
        found = draft.current(uow, app).definition
        if kind == "messages" and (uses := uses_of_message(found, part)):
            raise InUse(found, uses)
        draft.edit(uow, app, "remove", {"at": [kind, part]})

    platform().run(g.actor, work)
    return redirect(url_for(".first", app=app, kind=kind))
