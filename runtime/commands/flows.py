"""`flow …`: dry runs, what runs now, what went wrong."""

import json
from pathlib import Path
from typing import Any

from engines.apps.platform import SYSTEM
from engines.apps.rehearsal import rehearse
from engines.core.jobs import duration, incidents
from engines.flow import inbox, mending
from engines.flow.simulate import Act

from .base import Call, argument, command


@command(
    "flow simulate",
    argument("app"),
    argument("flow"),
    argument("--record", default="{}", help="the record's values as JSON"),
    argument("--until", default="P3D", help="how far to look ahead, such as P3D"),
    argument("--act", help='JSON file of what people do: [{"after": "PT1H", "as": "may", "do": "approve"}]'),
    argument("--starter", default="", help="who sets it off, by name"),
)
def simulate(call: Call) -> None:
    """a dry run with a jumping clock; nothing is written or sent"""
    args = call.args
    acts = json.loads(Path(args.act).read_text(encoding="utf-8")) if args.act else []
    timeline = rehearse(
        call.platform,
        args.app,
        args.flow,
        json.loads(args.record),
        until=duration.micros(args.until),
        acts=[_act(call, one) for one in acts],
        starter=_person(call, args.starter) if args.starter else None,
    )
    call.say({"timeline": timeline} if args.json else {f"+{line['after_s']} s": _told(line) for line in timeline})


@command("flow list", argument("app"), argument("--state", default=""))
def running(call: Call) -> None:
    """runs of an app's flows, newest first"""
    args = call.args
    call.say({"runs": call.platform.look(SYSTEM, lambda look: inbox.runs(look, args.app, state=args.state))})


@command("flow show", argument("run", type=int))
def show(call: Call) -> None:
    """one run with its history, tasks and incidents"""
    call.say(call.platform.look(SYSTEM, lambda look: inbox.run(look, call.args.run)))


@command("flow cancel", argument("run", type=int), argument("why"))
def cancel(call: Call) -> None:
    """stop a run"""
    call.platform.run(SYSTEM, lambda uow: call.platform.flows.cancel(uow, call.args.run, why=call.args.why))
    call.say({"cancelled": call.args.run})


@command("flow incidents", argument("--app", default=""))
def wrong(call: Call) -> None:
    """what went wrong and waits for somebody"""
    call.say({"incidents": call.platform.look(SYSTEM, lambda look: incidents.all_open(look, app=call.args.app))})


@command("flow retry", argument("incident", type=int))
def retry(call: Call) -> None:
    """try an incident's step again"""
    call.platform.run(SYSTEM, lambda uow: mending.retry(uow, call.args.incident))
    call.say({"retried": call.args.incident})


@command("flow skip", argument("incident", type=int))
def skip(call: Call) -> None:
    """go on without an incident's step"""
    call.platform.run(SYSTEM, lambda uow: mending.skip(uow, call.args.incident))
    call.say({"skipped": call.args.incident})


def _act(call: Call, one: dict[str, Any]) -> Act:
    given = {name: one[name] for name in ("values", "comment") if name in one}
    after = duration.micros(one["after"])
    return Act(after, _person(call, one["as"]), one.get("do", "complete"), one.get("node", ""), given)


def _person(call: Call, name: str) -> int:
    found = call.platform.look(SYSTEM, lambda look: call.platform.services["people"].find(look, name))
    if found is None:
        raise SystemExit(f"nobody is called '{name}'")
    return int(found)


def _told(line: dict[str, Any]) -> str:
    data = json.dumps(line["data"], ensure_ascii=False) if line["data"] else ""
    return " ".join(str(part) for part in (line["what"], line["node"], line["who"], data) if part)
