"""The drawer below the canvas: what the flow of the draft would do to a record that is there; nothing is written."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext

from engines.apps import draft
from engines.apps.draft import Draft
from engines.apps.neighbours import Seed, taken
from engines.apps.rehearsal import Story, watch
from engines.core.fields import field_types
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, BadDefinition, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.flow.simulate import Act
from runtime import render
from runtime.guard import platform, right
from runtime.tasks.words import length
from runtime.tasks.words import lines as worded

from ..base import Page, build
from .graph import START

SECOND = 1_000_000
FURTHEST = 400 * 86_400
MOST_ACTS = 50
DOES = ("approve", "reject", "complete")


@dataclass(frozen=True)
class Asked:
    """How far to look ahead in seconds, and what people do on the way: [{after_s, person, do, node}]."""

    record: int | None
    until: int
    acts: list[Definition]


@build.post("/<app>/flows/<part>/rehearse")
@right("builder")
def rehearse(app: str, part: str) -> str:
    """The story as the body of the drawer; what keeps it from being told is told instead."""
    asked = _asked()

    def tell(look: Look) -> dict[str, Any]:
        found = draft.current(look, app)
        body = Page(found, "flows", part).body
        story = watch(
            platform(),
            look,
            found.compiled,
            part,
            seed=_seed(look, found, str(body.get("form", "")), asked),
            until=asked.until * SECOND,
            acts=[_act(found, body, one) for one in asked.acts],
            starter=g.actor.id,
        )
        return {"story": story, "walked": walked(body, story), "told": told(story, found.compiled.zone)}

    try:
        return render_template("build/flows/story.html", asked=asked, after=after, **platform().look(g.actor, tell))
    except AppError as error:
        more = [words for _, words in error.problems[:3]] if isinstance(error, BadDefinition) else []
        return render_template("build/flows/story.html", error=error, more=more)


def _asked() -> Asked:
    """What was sent; anything that is not of this shape is NotFound."""
    try:
        given = json.loads(request.form.get("acts") or "[]")[:MOST_ACTS]
        acts = [{"after_s": int(a["after_s"]), "person": int(a["person"]), "do": str(a["do"]), "node": str(a["node"])}
                for a in given]  # fmt: skip
        until = max(0, min(FURTHEST, int(request.form.get("until") or 0)))
    except (ValueError, KeyError, TypeError) as wrong:
        raise NotFound(acts="?") from wrong
    if any(act["do"] not in DOES for act in acts):
        raise NotFound(do="?")
    return Asked(request.form.get("record", type=int), until, acts)


def _act(found: Draft, flow: Definition, act: Definition) -> Act:
    """What somebody does; fields that they would have to fill in and that are blank get a value that says little."""
    node = next((one for one in flow["nodes"] if one["id"] == act["node"]), {})
    form = found.compiled.forms.get(str(flow.get("form", "")))
    fields = form.fields if form is not None else {}
    spare = {name: stand_in(fields[name]) for name in node.get("required", ()) if name in fields}
    return Act(act["after_s"] * SECOND, act["person"], act["do"], act["node"], spare=spare)


def stand_in(field: Definition) -> Any:
    """A value of a field for a rehearsal: the first option, today, one, yes, or a dash."""
    options = [one["id"] for one in field.get("options", ())]
    if options:
        return options[:1] if field["type"] == "tags" else options[0]
    kind = field_types.get(field["type"]).value_type(field).kind
    day = datetime.datetime.fromtimestamp(clock.now() / SECOND, datetime.UTC).date().isoformat()
    return {"date": day, "datetime": f"{day}T09:00", "number": "1", "boolean": "true"}.get(kind, "–")


def _seed(look: Look, found: Draft, form: str, asked: Asked) -> Seed | None:
    """The record as the builder sees it now, on the form that is live."""
    if not form or asked.record is None:
        return None
    return taken(look, found.live.form(form), asked.record)


def walked(flow: Definition, story: Story) -> Definition:
    """{steps, edges} in the order in which the run came to them, and where it stands: `at`."""
    steps, edges = [START], list[str]()
    for line in story.lines:
        if line["what"] not in ("start", "leave", "fork"):
            continue
        source = START if line["what"] == "start" else line["node"]
        to = line["data"].get("to")
        for edge in _taken(flow, source, [to] if isinstance(to, str) else to, line["data"].get("port")):
            edges.append(str(edge["id"]))
            steps.append(edge["to"])
    steps += [line["node"] for line in story.lines if line["what"] in ("open", "waits", "incident")]
    return {
        "steps": list(dict.fromkeys(steps)),
        "edges": list(dict.fromkeys(edges)),
        "at": [task["node"] for task in story.tasks] or _last(story),
    }


def _taken(flow: Definition, source: str, to: Any, port: Any) -> list[Definition]:
    """The lines that a token took; leaving the trigger it names none."""
    out = [edge for edge in flow["edges"] if edge["from"] == source and "id" in edge]
    if source == START:
        return out[:1]
    ported = [edge for edge in out if edge.get("port") == port] if port else out
    return [edge for goal in to or () for edge in [e for e in ported or out if e["to"] == goal][:1]]


def _last(story: Story) -> list[str]:
    last = next((one for one in reversed(story.lines) if one["what"] in ("waits", "incident", "end")), None)
    return [last["node"]] if last and last["node"] and story.state in ("running", "incident") else []


def told(story: Story, zone: str) -> list[dict[str, Any]]:
    """The lines in words: {icon, tone, text, when, node}."""
    start, found = clock.now(), []
    for line in story.lines:
        entry = line | {"at": start + line["after_s"] * SECOND, "actor": line["who"]}
        for words in _notice(line, story.names) or worded([entry], story.names, zone):
            step = render.label(line["label"]) if line["label"] else ""
            found.append(words | {"when": after(line["after_s"]), "step": step, "node": line["node"]})
    return found


def _notice(line: Definition, names: dict[int, str]) -> list[dict[str, Any]]:
    """Notices and messages, which the record's own history does not have, and what somebody could not do."""
    data, who = line["data"], names.get(line["who"] or 0, "")
    if line["what"] == "notice":
        text = render.label(data["text"])
        return [{"icon": "bell", "tone": "info", "text": gettext("Notice to %(who)s: %(text)s", who=who, text=text)}]
    if line["what"] == "message":
        words = {"to": data["to"] or "?", "text": data["subject"] or data["body"]}
        named = gettext("Mail to %(to)s: %(text)s", **words) if data["channel"] == "mail" else ""
        return [{"icon": "mail", "tone": "vio", "text": named or gettext("Message to %(to)s: %(text)s", **words)}]
    if line["what"] == "refused":
        return [
            {
                "icon": "stop",
                "tone": "bad",
                "text": gettext("%(who)s could not: %(why)s", who=who, why=render.label(data["why"])),
            }
        ]
    return []


def after(seconds: int) -> str:
    """How long after the start; the first minute is at once."""
    return gettext("+%(time)s", time=length(seconds * SECOND)) if seconds >= 60 else gettext("at once")
