"""An app's service account, as which its rules and flows run: never above who published the app, and inside it only."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select

from engines.core.database.statements import Session, once
from engines.core.kernel.scope import Rights, Scope
from engines.core.kernel.work import Actor, Look

from .principals import Nothing
from .scopes import EVERYTHING, PersonRights, scope_in
from .tables import service

ALL = "*"
"""Stands for the roles of a publisher who has everything: the owner, or the platform at an install."""


@once
def _of_app() -> Any:
    return select(service.c.publisher, service.c.roles).where(service.c.app == bindparam("named"))


@dataclass(frozen=True)
class ServiceAccount:
    """`Actor(0, app, via=ServiceAccount(app))`."""

    app: str
    person: bool = False

    def rights(self, own: Rights | None, apps: Any, session: Session) -> Rights:
        found = session.run(_of_app(session.dialect), {"named": self.app}).fetchone()
        return ServiceRights(self.app, int(found[0]), frozenset(orjson.loads(found[1])), apps) if found else Nothing()


@dataclass(frozen=True)
class ServiceRights:
    """What runs by itself may make records for anybody, and hand them on: nothing fences it in."""

    app: str
    publisher: int
    held: frozenset[str]
    apps: Any

    def scope(self, form: str) -> Scope:
        app_id, _, form_id = form.partition("__")
        if app_id != self.app:
            return Scope.nothing()
        if ALL in self.held:
            return replace(EVERYTHING, params={"me": self.publisher})
        return replace(scope_in(self.apps.app(app_id), self.held, form_id, self.publisher), fences={})

    def may(self, right: str, app: str = "", part: str = "") -> bool:
        return right in ("open", "dashboards", "flows") and app == self.app


def account(app: str) -> Actor:
    """Who acts when the app itself does."""
    return Actor(0, f"app:{app}", via=ServiceAccount(app))


def appoint(look: Look, app: str) -> None:
    """At publish: the service account gets what the publisher holds in the app now."""
    rights = look.rights
    if isinstance(rights, PersonRights) and "owner" not in rights.standing.workspace:
        held = sorted(rights.standing.roles.get(app, ()))
    else:
        held = [ALL]
    look.session.run(delete(service).where(service.c.app == app))
    look.session.run(insert(service).values(app=app, publisher=look.actor.id, roles=orjson.dumps(held).decode()))
