"""Public links of a workspace: those that apps bring along and those that people make; opened, used, closed."""

from dataclasses import dataclass
from typing import Any

from engines.core.access import audit, links, passwords
from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.errors import Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Actor, Cause, Look, UnitOfWork
from engines.form import links as entries
from engines.form import submit
from engines.form.compile import Form

DAY = 86_400 * 1_000_000


class Closed(NotFound):
    """Also said of a link that never was: the two must look the same."""

    code = "link_closed"
    words = {
        "zh": "这个表单现在不能填：链接已关闭、过期或填满了，问问发给你的人",
        "en": "This form cannot be filled in now: the link is closed, late or used up. Ask whoever gave it to you",
    }


@dataclass(frozen=True)
class Open:
    """A link that takes entries: its row, its definition and its form."""

    row: dict[str, Any]
    definition: Definition
    form: Form

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def actor(self) -> Actor:
        return entries.actor(self.form, self.id, self.fields)

    @property
    def fields(self) -> list[str]:
        """What is asked, as far as the form still has it."""
        can = entries.fillable(self.form)
        return [name for name in self.definition["fields"] if name in can]


def found(look: Look, link: str) -> Open:
    """Closed for a link that is not there, closed, late, used up, or whose form is gone."""
    row = links.one(look.session, link)
    if row is None or row["closed"] is not None or _late(row) or _full(row):
        raise Closed
    try:
        app = look.apps.app(row["app"])
        definition = app.part("links", row["part"]) if row["part"] else row["definition"]
        made = Open(row, definition, app.form(row["form"]))
    except NotFound:
        raise Closed from None
    if _off(definition):
        raise Closed
    return made


def enter(platform: Any, link: Open, given: dict[str, Any], *, channel: str, key: str) -> int:
    """The new record's id; once for one `key`, however often it is sent. Invalid, Closed."""

    def work(uow: UnitOfWork) -> Any:
        if not links.count(uow.session, link.id):
            raise Closed
        change = entries.enter(uow, link.form, link.definition | {"id": link.id, "fields": link.fields}, given, channel)
        return lambda: change.id

    return int(platform.once(link.actor, f"link:{link.id}:{key[:64]}", work, cause=Cause("link", link.id)))


def listed(look: Look, form: Form) -> list[dict[str, Any]]:
    """Links of a form for whoever may share it: rows with `definition`, `channels` and `state` (open, closed, late,
    full, off); then the app's own that were never opened, with the id None. Forbidden."""
    submit.require(look, form, "share")
    app = look.apps.app(form.app)
    own = {part["id"]: part for part in app.parts("links") if part["form"] == form.id}
    rows = [_told(row, own) for row in links.of_form(look.session, form.app, form.id)]
    rows = [row | {"channels": entries.channels(look, form, row["definition"])} for row in rows]
    waiting = [part for name, part in own.items() if name not in links.of_parts(look.session, form.app)]
    states = [(part, "off" if _off(part) else "waiting") for part in waiting]
    return rows + [{"id": None, "part": part["id"], "definition": part, "state": state} for part, state in states]


def make(
    uow: UnitOfWork,
    form: Form,
    definition: Definition,
    *,
    days: int | None = None,
    password: str | None = None,
    most: int | None = None,
) -> str:
    """A person's own link; `password` is its hash. Invalid names the fields that cannot be asked or are missing."""
    submit.require(uow, form, "share")
    can = [name for name in entries.fillable(form) if name in submit.writable(uow, form)]
    wrong = {name: Rejected("unknown_field") for name in definition["fields"] if name not in can}
    asked = [*definition["fields"], definition.get("channel_field", "")]
    wrong |= {name: Rejected("required") for name in entries.unasked(form, asked, {})}
    if wrong or not definition["fields"]:
        raise Invalid(wrong or {"fields": Rejected("required")})
    expires = clock.wall() + days * DAY if days else None
    made = links.make(uow, form.app, form.id, definition, expires=expires, password=password, most=most)
    audit.record(uow, "link_opened", f"form:{form.source.id}", {"link": made[:6], "days": days, "most": most})
    return made


def open_part(uow: UnitOfWork, form: Form, part: str) -> str:
    """Opens one of the app's own links, or opens it again with a new address."""
    submit.require(uow, form, "share")
    definition = uow.apps.app(form.app).part("links", part)
    if definition["form"] != form.id or _off(definition):
        raise NotFound(link=part)
    made = links.make(uow, form.app, form.id, {}, part=part)
    audit.record(uow, "link_opened", f"form:{form.source.id}", {"link": made[:6], "part": part})
    return made


def close(uow: UnitOfWork, form: Form, link: str) -> None:
    """From now on nobody comes in by it."""
    submit.require(uow, form, "share")
    row = links.one(uow.session, link)
    if row is None or (row["app"], row["form"]) != (form.app, form.id):
        raise NotFound(link=link)
    links.close(uow.session, link)
    audit.record(uow, "link_closed", f"form:{form.source.id}", {"link": link[:6]})


def published(uow: UnitOfWork, app: Any, before: Any) -> None:
    """Links that say so are open from the day of the installation; once closed by hand they stay closed."""
    there = links.of_parts(uow.session, app.id)
    for part in app.parts("links"):
        if part.get("open") and not _off(part) and part["id"] not in there:
            links.make(uow, app.id, part["form"], {}, part=part["id"])


def hashed(password: str) -> str | None:
    """What is kept of a link's password; None without one. Slow on purpose: never inside a unit of work."""
    return passwords.hashed(password, "") if password else None


def admit(session: Session, link: str, address: str) -> None:
    """TooOften for a network that sends too much."""
    links.admit(session, link, passwords.network_of(address))


def _told(row: dict[str, Any], own: dict[str, Definition]) -> dict[str, Any]:
    definition = own.get(row["part"], row["definition"]) if row["part"] else row["definition"]
    state = "closed" if row["closed"] or (row["part"] and row["part"] not in own) else "open"
    if state == "open" and _off(definition):
        state = "off"
    if state == "open":
        state = "late" if _late(row) else "full" if _full(row) else "open"
    return row | {"definition": definition, "state": state}


def _off(definition: Definition) -> bool:
    """The app says that it is not in use, whoever opened it."""
    return definition.get("enabled") is False


def _late(row: dict[str, Any]) -> bool:
    return row["expires"] is not None and row["expires"] < clock.wall()


def _full(row: dict[str, Any]) -> bool:
    return row["most"] is not None and row["used"] >= row["most"]
