"""A dry run of a flow: a throw-away workspace with the app's definition, the people as they are, nothing sent."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines.core.actions.base import Context
from engines.core.actions.services import People
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.settings import Settings
from engines.core.kernel.work import SYSTEM, Cause, Look, UnitOfWork
from engines.flow.simulate import Act, play
from engines.form import submit

from .catalog import App
from .platform import Platform, open_platform


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


def rehearse(
    platform: Platform, app_id: str, flow: str, given: Mapping[str, Any], *, until: int, acts: list[Act] | None = None,
    starter: int | None = None,
) -> list[Definition]:  # fmt: skip
    """The timeline of what would happen to a record of these plain values, up to `until` microseconds from now:
    [{after_s, what, node, label, who, data}], `who` by name. Links to other records are left out."""

    def read(look: Look) -> list[Definition]:
        app = look.apps.app(app_id)
        app.part("flows", flow)
        people: People = platform.services["people"]
        with tempfile.TemporaryDirectory() as folder:
            workspace = open_platform(Path(folder), sync="off")
            try:
                workspace.services |= {"people": Shadow(people, look), "settings": Settings()}
                lines = _play(workspace, app, flow, given, until, acts or [], starter)
            finally:
                workspace.close()
        return [line | {"who": people.name(look, line["who"]) if line["who"] else ""} for line in lines]

    return platform.look(SYSTEM, read)


def _play(
    workspace: Platform, app: App, flow: str, given: Mapping[str, Any], until: int, acts: list[Act], starter: int | None
) -> list[Definition]:
    start = clock.now()
    with clock.pretended(start):
        workspace.run(SYSTEM, lambda uow: workspace.catalog.publish(uow, _only(app, flow)))
        run = workspace.run(SYSTEM, lambda uow: _start(workspace, uow, app.id, flow, given, starter))
    return play(workspace, run, start=start, until=until, acts=acts)


def _start(
    workspace: Platform, uow: UnitOfWork, app_id: str, flow: str, given: Mapping[str, Any], starter: int | None
) -> int:
    app = uow.apps.app(app_id)
    compiled = workspace.flows.of(app, flow)
    context = Context(app, Cause("person"), person=starter)
    if compiled.form:
        form = app.form(compiled.form)
        loose = {name: value for name, value in given.items() if name not in form.source.ways}
        change = submit.create_record(uow, form, loose)
        uow.settle()
        context = Context(app, Cause("person"), form, change.id, dict(change.facts), person=starter)
    run = workspace.flows.begin(uow, context, compiled)
    if run is None:
        raise NotStarted(why=flow)
    return run


def _only(app: App, flow: str) -> Definition:
    """The app with this one flow, which nothing but the rehearsal starts."""
    chosen = app.part("flows", flow)
    return app.definition | {"flows": [chosen | {"trigger": {"type": "button"}}]}
