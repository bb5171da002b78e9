"""A dry run of a flow: a throw-away workspace with the app's definition, the people as they are, nothing sent."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engines.core.actions.base import Context
from engines.core.actions.services import People
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.settings import Settings
from engines.core.kernel.work import SYSTEM, Cause, Look, UnitOfWork
from engines.core.records.change import Change
from engines.flow.simulate import Act, play, standing
from engines.form import submit
from engines.form.compile import Form

from .catalog import App
from .neighbours import Seed
from .platform import Platform, open_platform

BESIDE = ("reports", "dashboards", "datasets", "links")
"""Parts that nothing asks for while a flow runs."""
Plant = Callable[[UnitOfWork, Form], Change]


class Shadow:
    """Service `people` of a rehearsal: asks the real workspace, whatever it is asked."""

    def __init__(self, people: People, look: Look) -> None:
        self._people, self._look = people, look

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._people, name)
        return lambda _look, *args: asked(self._look, *args)


class NotStarted(AppError):
    code = "not_started"
    words = {"zh": "流程没有启动：{why}", "en": "The flow did not start: {why}"}


@dataclass(frozen=True)
class Story:
    """`lines`: what happened, [{after_s, what, node, label, who, data}]; the run as it stands at the end: `state`,
    `tasks` that wait, and when the next thing is due, None when nothing is. People are ids, `names` knows them."""

    lines: list[Definition]
    state: str
    tasks: list[Definition]
    next_s: int | None
    names: dict[int, str] = field(default_factory=dict)


def rehearse(
    platform: Platform, app_id: str, flow: str, given: Mapping[str, Any], *, until: int, acts: list[Act] | None = None,
    starter: int | None = None,
) -> list[Definition]:  # fmt: skip
    """The timeline of what would happen to a record of these plain values, up to `until` microseconds from now:
    [{after_s, what, node, label, who, data}], `who` by name. Links to other records are left out."""

    def plant(uow: UnitOfWork, form: Form) -> Change:
        loose = {name: value for name, value in given.items() if name not in form.source.ways}
        return submit.create_record(uow, form, loose)

    def read(look: Look) -> list[Definition]:
        app = look.apps.app(app_id)
        story = _told(platform, look, app, flow, plant, until=until, acts=acts or [], starter=starter)
        return [line | {"who": story.names.get(line["who"] or 0, "")} for line in story.lines]

    return platform.look(SYSTEM, read)


def watch(
    platform: Platform, look: Look, app: App, flow: str, *, seed: Seed | None, until: int, acts: list[Act],
    starter: int | None = None,
) -> Story:  # fmt: skip
    """What would happen to a record that is there, with those it is linked to, in an app that may be a draft."""

    def plant(uow: UnitOfWork, form: Form) -> Change:
        if seed is None:
            raise NotStarted(why=form.id)
        return seed.plant(uow, app.id)

    return _told(platform, look, app, flow, plant, until=until, acts=acts, starter=starter)


def _told(
    platform: Platform, look: Look, app: App, flow: str, plant: Plant, *, until: int, acts: list[Act],
    starter: int | None,
) -> Story:  # fmt: skip
    app.part("flows", flow)
    people: People = platform.services["people"]
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_platform(Path(folder), sync="off")
        try:
            workspace.services |= {"people": Shadow(people, look), "settings": Settings(), "rehearsal": True}
            story = _play(workspace, app, flow, plant, until, acts, starter)
        finally:
            workspace.close()
    known = {int(line["who"]) for line in story.lines if line["who"]}
    known |= {int(one) for task in story.tasks for one in task["who"]} | {int(one) for one in _named(story.lines)}
    return replace(story, names={number: people.name(look, number) for number in sorted(known)})


def _named(lines: list[Definition]) -> list[int]:
    """People whom the lines tell of."""
    lists = [line["data"].get(name) for line in lines for name in ("people", "to", "from")]
    return [one for found in lists if isinstance(found, list) for one in found if isinstance(one, int)]


def _play(
    workspace: Platform, app: App, flow: str, plant: Plant, until: int, acts: list[Act], starter: int | None
) -> Story:
    """The record is there before the rules are: what it set off once is not set off again."""
    start, whole = clock.now(), _only(app, flow)
    with clock.pretended(start):
        quiet = whole | {"rules": [one for one in whole.get("rules", ()) if one.get("kind", "event") == "state"]}
        workspace.run(SYSTEM, lambda uow: workspace.catalog.publish(uow, quiet))
        change = workspace.run(SYSTEM, lambda uow: _planted(uow, app.id, whole["flows"][0], plant))
        if quiet["rules"] != whole.get("rules", []):
            workspace.run(SYSTEM, lambda uow: workspace.catalog.publish(uow, whole))
        run = workspace.run(SYSTEM, lambda uow: _start(workspace, uow, app.id, flow, change, starter))
    lines = play(workspace, run, start=start, until=until, acts=acts)
    return Story(lines, **standing(workspace, run, start=start))


def _planted(uow: UnitOfWork, app_id: str, flow: Definition, plant: Plant) -> Change | None:
    if not flow.get("form"):
        return None
    change = plant(uow, uow.apps.app(app_id).form(flow["form"]))
    uow.settle()
    return change


def _start(
    workspace: Platform, uow: UnitOfWork, app_id: str, flow: str, change: Change | None, starter: int | None
) -> int:
    app = uow.apps.app(app_id)
    compiled = workspace.flows.of(app, flow)
    context = Context(app, Cause("person"), person=starter)
    if change is not None:
        form = app.form(compiled.form)
        context = Context(app, Cause("person"), form, change.id, dict(change.facts), person=starter)
    run = workspace.flows.begin(uow, context, compiled)
    if run is None:
        raise NotStarted(why=flow)
    return run


def _only(app: App, flow: str) -> Definition:
    """The app with this flow first and those that it or a rule starts, which nothing else starts here."""
    app.part("flows", flow)
    flows = {one["id"]: one for one in app.definition["flows"]}
    wanted, todo = [flow], [flow]
    given = [action for rule in app.definition.get("rules", ()) for action in rule.get("then", ())]
    while todo:
        given += [node["do"] for node in flows[todo.pop()]["nodes"] if isinstance(node.get("do"), dict)]
        new = {str(one["flow"]) for one in given if one.get("type") == "start_flow" and one.get("flow") in flows}
        todo += sorted(new - set(wanted))
        wanted += sorted(new - set(wanted))
    quiet = [{n: v for n, v in flows[name].items() if n != "off"} | {"trigger": {"type": "button"}} for name in wanted]
    kept = {name: value for name, value in app.definition.items() if name not in BESIDE}
    return kept | {"flows": quiet}
