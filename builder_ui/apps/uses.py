"""Where a form, a field or a message template is used: the parts that name it, with the way to each, and a picture of
who leans on whom."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from engines.apps import usage
from engines.apps.diff import KEYS, KINDS
from engines.apps.draft import Draft
from engines.apps.edits import find, has
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from runtime import render
from runtime.guard import right

from ..base import DESIGNERS, Page, build, has_engine, read
from .telling import named

ROW, TOP, LEFT, RIGHT = 44, 24, 220, 460
"""Pixels of the picture: a row, its first line, where wires begin and end."""

SILENT = frozenset({"id", "do", "on", "at", "as", "zh", "en", "field", "form", "link"})
"""Steps of a path that only say that something is named there."""
WORDS: dict[str, Label] = KEYS | {
    "title": {"zh": "标题", "en": "title"},
    "source": {"zh": "取自", "en": "taken from"},
    "text": {"zh": "内容", "en": "text"},
    "to": {"zh": "收件人", "en": "recipients"},
    "options": {"zh": "选项", "en": "options"},
    "default": {"zh": "默认值", "en": "default"},
    "default_time": {"zh": "默认时间", "en": "usual time"},
    "prefill": {"zh": "预填", "en": "filled in ahead"},
    "channel_field": {"zh": "渠道字段", "en": "field of the channel"},
    "sets": {"zh": "设置的字段", "en": "field it sets"},
    "assign": {"zh": "交给谁", "en": "given to"},
    "own_by": {"zh": "怎样算自己的", "en": "whose it is"},
    "group": {"zh": "分栏", "en": "lanes"},
    "required": {"zh": "必填", "en": "required"},
    "where": {"zh": "条件", "en": "condition"},
    "kind": {"zh": "样式", "en": "layout"},
    "calc": {"zh": "计算", "en": "calculation"},
    "visible": {"zh": "什么时候显示", "en": "shown when"},
    "watch": {"zh": "盯着的字段", "en": "fields it watches"},
    "hierarchies": {"zh": "层级", "en": "levels"},
    "relation": {"zh": "关联", "en": "link"},
    "reverse": {"zh": "对方那边", "en": "the other side"},
    "display": {"zh": "显示的字段", "en": "field shown"},
    "dataset": {"zh": "数据集", "en": "dataset"},
    "params": {"zh": "筛选器", "en": "filters"},
    "of": {"zh": "可选的值", "en": "values to choose"},
    "color": {"zh": "颜色", "en": "colour"},
    "period": {"zh": "时间", "en": "period"},
    "by": {"zh": "按什么", "en": "by"},
    "deadlines": {"zh": "时限", "en": "deadlines"},
    "due": {"zh": "期限", "en": "due"},
    "message": {"zh": "消息模板", "en": "message template"},
    "analysis": {"zh": "分析", "en": "analysis"},
}


@dataclass(frozen=True)
class Place:
    """One part that uses it; `spots` are the paths within it."""

    kind: str
    part: str
    name: str
    spots: tuple[str, ...]
    opens: bool


@build.get("/<app>/uses")
@right("builder")
def uses(app: str) -> str:
    """Of `of`: a form, `form.field` or `messages/<id>`; without it all forms and templates, with how often each is."""
    of = request.args.get("of", "")

    def look_up(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "uses", "")
        if not of:
            forms = [(form, len(_places(found, str(form["id"]), ""))) for form in page.parts("forms")]
            return {"page": page, "forms": forms, "messages": _templates(found), "places": []}
        if of.startswith("messages/"):
            return {"page": page, "forms": [], **_of_template(found, of.partition("/")[2])}
        form, _, field = of.partition(".")
        at = ["forms", form] + (["fields", field] if field else [])
        if not has(found.definition, at):
            raise NotFound(part=of)
        made, shown = find(found.definition, ["forms", form]), find(found.definition, at)
        counts = [(f, len(_places(found, form, f["id"]))) for f in made["fields"]] if not field else []
        places = _places(found, form, field)
        return {"page": page, "forms": [], "places": places, "form": made, "of": shown, "field": field,
                "counts": counts}  # fmt: skip

    shown = read(app, look_up)
    return render_template("build/uses.html", kinds=KINDS, row=ROW, top=TOP, left=LEFT, right=RIGHT, **shown)


def _places(found: Draft, form: str, field: str) -> list[Place]:
    """Parts in the order of their kinds."""
    definition = found.definition
    hits = usage.uses_of_field(definition, form, field) if field else usage.uses_of_form(definition, form)
    return places_of(found, hits, form)


def _templates(found: Draft) -> list[tuple[Definition, int]]:
    definition = found.definition
    rows = definition.get("messages", ())
    return [(one, len(places_of(found, usage.uses_of_message(definition, one["id"])))) for one in rows]


def _of_template(found: Draft, name: str) -> dict[str, Any]:
    """What sends it, and the form whose records it speaks of."""
    at = ["messages", name]
    if not has(found.definition, at):
        raise NotFound(part=name)
    made = find(found.definition, at)
    places = places_of(found, usage.uses_of_message(found.definition, name))
    return {"places": places, "form": made, "of": made, "field": "", "counts": [], "kind": "messages"}


def places_of(found: Draft, hits: list[usage.Use], form: str = "") -> list[Place]:
    """The parts that these uses are in, each with its spots in words; `form`: whose fields they name."""
    definition = found.definition
    spots: dict[tuple[str, str], list[str]] = {}
    for use in hits:
        part = find(definition, [use.kind, use.part]) if has(definition, [use.kind, use.part]) else {}
        told = spots.setdefault((use.kind, use.part), [])
        if (words := _spoken(definition, part, use.path, form)) not in told:
            told.append(words)
    return [_place(found, kind, part, tuple(paths)) for (kind, part), paths in spots.items()]


def _spoken(definition: Definition, part: Any, path: tuple[str, ...], form: str) -> str:
    """A path in the words of the part: what an item is called in place of its number, a form or field in place of its
    id."""
    words, here, before = [], part, ""
    for step in path:
        here = here[int(step)] if isinstance(here, list) else here.get(step) if isinstance(here, dict) else None
        if step.isdigit():
            words[-1:] = [named(here, f"{words[-1] if words else ''} {int(step) + 1}".strip())]
        elif before in ("forms", "fields", "prefill"):
            form = step if before == "forms" else form
            words.append(_called(definition, form, "" if before == "forms" else step))
        elif step not in SILENT:
            words.append(render.label(WORDS[step]) if step in WORDS else step)
        before = step
    return " · ".join(words) or render.label(WORDS["source"])


def _called(definition: Definition, form: str, field: str) -> str:
    at = ["forms", form, *(["fields", field] if field else [])]
    return named(find(definition, at), at[-1]) if has(definition, at) else at[-1]


def _place(found: Draft, kind: str, part: str, paths: tuple[str, ...]) -> Place:
    there = has(found.definition, [kind, part])
    name = named(find(found.definition, [kind, part]), part) if there else part
    return Place(kind, part, name, paths, opens=there and kind in DESIGNERS and has_engine(kind))
