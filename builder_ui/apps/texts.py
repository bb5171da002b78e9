"""Every text that people wrote for an app, in both languages side by side; what is missing is marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from engines.apps import draft
from engines.apps.catalog import PARTS
from engines.apps.diff import KINDS
from engines.apps.draft import Draft
from engines.apps.edits import find
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.work import Look, UnitOfWork
from runtime.figures import LANGUAGES
from runtime.guard import platform, right

from ..base import Page, build, read
from ..web import Answer, told_of
from .telling import named

HEAD = ("name", "about")
MOST = 300


class Panes:
    """What the shared templates ask of a designer."""

    folder, panes = "texts", ("side", "canvas")


@dataclass(frozen=True)
class Text:
    """`at`: the path of the label in the draft; `words` by language; `below`: what in the part it belongs to."""

    at: tuple[str, ...]
    words: dict[str, str]
    below: str

    @property
    def missing(self) -> list[str]:
        return [language for language in LANGUAGES if not self.words.get(language)]


@build.get("/<app>/texts")
@right("builder")
def texts(app: str) -> str:
    """The texts of one part, `of` such as `forms/sale`; `missing` leaves out those that are whole."""
    return _shown(app, "build/texts/page.html")


@build.post("/<app>/texts/panes")
@right("builder")
def texts_panes(app: str) -> str:
    """The same as it is by now."""
    return _shown(app, "build/panes.html")


@build.post("/<app>/texts/cmd")
@right("builder")
def texts_command(app: str) -> Answer:
    """One text in one language, undo or redo."""
    sent = request.form
    op, rev, language = sent.get("op", ""), sent.get("rev", type=int), sent.get("language", "")

    def work(uow: UnitOfWork) -> None:
        if op in draft.STEPS:
            draft.edit(uow, app, op, rev=rev)
            return
        at = sent.get("at", "").split("/")
        words = find(draft.current(uow, app).definition, at)
        if op != "say" or language not in LANGUAGES or not _is_label(words):
            raise NotFound(op=op)
        made = {k: v for k, v in {**words, language: sent.get("text", "").strip()}.items() if v}
        if made:
            draft.edit(uow, app, "set", {"at": at, "value": made}, rev=rev)

    try:
        platform().run(g.actor, work)
    except AppError as error:
        return told_of(app, error, "", "")
    return _shown(app, "build/panes.html")


def all_texts(found: Draft) -> dict[tuple[str, str], list[Text]]:
    """By (kind, part), the app itself first."""
    made: dict[tuple[str, str], list[Text]] = {}
    definition = found.definition
    made["app", ""] = [
        *(Text((name,), definition[name], "") for name in HEAD if _is_label(definition.get(name))),
        *_texts(definition.get("menu", []), ("menu",), ""),
    ]
    for kind in PARTS:
        for part in definition.get(kind, ()) if kind != "menu" else ():
            if isinstance(part, dict) and "id" in part:
                made[kind, str(part["id"])] = list(_texts(part, (kind, str(part["id"])), ""))
    return {key: value for key, value in made.items() if value}


def _texts(value: Any, at: tuple[str, ...], below: str) -> Iterator[Text]:
    if _is_label(value):
        yield Text(at, value, below)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*at, key), below)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            name = str(inner["id"]) if isinstance(inner, dict) and "id" in inner else str(n)
            yield from _texts(inner, (*at, name), f"{below} / {name}" if below else name)


def _is_label(value: Any) -> bool:
    return (
        isinstance(value, dict) and bool(value) and set(value) <= set(LANGUAGES)
        and all(isinstance(text, str) for text in value.values())
    )  # fmt: skip


def _shown(app: str, template: str) -> str:
    sent = request.values
    of, missing = sent.get("of", ""), sent.get("missing", "") == "1"

    def look_up(look: Look, found: Draft) -> dict[str, Any]:
        every = all_texts(found)
        kind, _, part = of.partition("/")
        here = (kind, part) if (kind, part) in every else next(iter(every))
        rows = [one for one in every[here] if one.missing or not missing]
        parts = [(f"{kind}/{name}", KINDS[kind], _name(found, kind, name), sum(bool(t.missing) for t in texts))
                 for (kind, name), texts in every.items()]  # fmt: skip
        return {"page": Page(found, "texts", ""), "parts": parts, "rows": rows[:MOST], "here": "/".join(here),
                "missing": missing, "lacking": sum(n for *_, n in parts), "languages": LANGUAGES}  # fmt: skip

    return render_template(template, designer=Panes, **read(app, look_up))


def _name(found: Draft, kind: str, name: str) -> str:
    return named(find(found.definition, [kind, name]), name) if name else named(found.definition, found.app)
