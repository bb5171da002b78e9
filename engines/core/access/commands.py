"""What administrators do to people, roles and departments: each checks the right, acts, and leaves an audit row."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update

from engines.core.kernel.errors import AppError, Forbidden
from engines.core.kernel.work import Look

from . import departments, people, sessions
from .audit import record
from .tables import person, person_role


class LastOwner(AppError):
    code = "last_owner"
    words = {
        "zh": "这是最后一位所有者，先把所有者交给另一个人",
        "en": "This is the last owner: make somebody else an owner first",
    }


def invite(
    look: Look, name: str, *, display: str = "", email: str = "", role: str = "member", places: Sequence[int] = ()
) -> tuple[int, str]:
    """A new person and the token of their invitation (72 hours, once)."""
    _may_grant(look, role)
    number = people.add(look.session, name, role, display=display, email=email)
    departments.place(look.session, number, list(places))
    record(look, "person_invited", f"person:{number}", {"name": name, "role": role, "departments": sorted(places)})
    return number, people.make_link(look.session, name.strip(), "invite")


def new_link(look: Look, number: int, purpose: str = "invite") -> str:
    """Another link for a person; an owner's link is made by owners only, since it opens everything."""
    who = people.one(look.session, number)
    _may_touch(look, who["role"])
    record(look, "link_made", f"person:{number}", {"purpose": purpose})
    return people.make_link(look.session, who["name"], purpose)


def suspend(look: Look, number: int) -> None:
    """Closes the account and every session of it; refused from the next request on. What waits for the person is handed
    on in the same transaction."""
    who = people.one(look.session, number)
    _may_touch(look, who["role"])
    if who["role"] == "owner":
        _keep_an_owner(look, number)
    _set_state(look, number, "suspended")
    sessions.end_all(look.session, number)
    steps = getattr(look, "steps", None)
    if left := steps and steps.services.get("person_left"):
        left(look, number)


def resume(look: Look, number: int) -> None:
    _may_touch(look, people.one(look.session, number)["role"])
    _set_state(look, number, "active")


def give(look: Look, number: int, app: str, role: str) -> None:
    """One more role, in the workspace (`app` "") or in an app; an administrator who takes one himself is on record."""
    _role_is_there(look, app, role)
    _may_grant(look, role if not app else "")
    people.one(look.session, number)
    mine = {"person": number, "app": app, "role": role}
    if look.session.run(select(person_role.c.role).filter_by(**mine)).fetchone():
        return
    look.session.run(insert(person_role).values(mine))
    people.bump(look.session, [number])
    own = bool(app) and number == look.actor.id
    record(look, "data_right_taken" if own else "role_given", f"person:{number}", {"app": app, "role": role})


def take(look: Look, number: int, app: str, role: str) -> None:
    """Takes a role away and ends the person's sessions; LastOwner."""
    _may_grant(look, role if not app else "")
    if (app, role) == ("", "owner"):
        _keep_an_owner(look, number)
    mine = person_role.c.person == number, person_role.c.app == app, person_role.c.role == role
    if not look.session.run(delete(person_role).where(*mine)).rowcount:
        return
    people.bump(look.session, [number])
    if number != look.actor.id:
        sessions.end_all(look.session, number)
    record(look, "role_taken", f"person:{number}", {"app": app, "role": role})


def place(look: Look, number: int, places: Sequence[int]) -> None:
    """Where a person stands."""
    require(look, "admin")
    before = people.one(look.session, number)["departments"]
    if sorted(set(places)) != before:
        departments.place(look.session, number, list(places))
        record(look, "person_placed", f"person:{number}", {"before": before, "after": sorted(set(places))})


def add_department(look: Look, name: str, parent: int | None = None) -> int:
    require(look, "admin")
    number = departments.add(look.session, name, parent=parent)
    record(look, "department_added", f"department:{number}", {"name": name, "parent": parent})
    return number


def change_department(look: Look, number: int, name: str, parent: int | None, head: int | None) -> None:
    """Name, place in the tree and head in one go; InsideItself."""
    require(look, "admin")
    before = departments.one(look.session, number)
    if head is not None:
        people.one(look.session, head)
    if name.strip() and name != before["name"]:
        departments.rename(look.session, number, name)
    if parent != before["parent"]:
        departments.move(look.session, number, parent)
    if head != before["head"]:
        departments.lead(look.session, number, head)
    after = {"name": name, "parent": parent, "head": head}
    if moved := {key: [before[key], value] for key, value in after.items() if before[key] != value}:
        record(look, "department_changed", f"department:{number}", moved)


def remove_department(look: Look, number: int) -> None:
    require(look, "admin")
    name = departments.one(look.session, number)["name"]
    departments.remove(look.session, number)
    record(look, "department_removed", f"department:{number}", {"name": name})


def act_as(look: Look, key: str, number: int | None) -> None:
    """The owner opens the workspace as somebody, on record, in the session `key`; None: as himself again. The rights
    that count are those of the person who signed in."""
    if number is not None:
        require(look, "owner")
        people.one(look.session, number)
    sessions.act_as(look.session, key, number)
    record(look, "opened_as" if number else "opened_as_ended", f"person:{number or look.actor.id}")


def require(look: Look, right: str, app: str = "") -> None:
    """Forbidden unless the principal has the right."""
    if not look.rights.may(right, app):
        raise Forbidden(action=right)


def _role_is_there(look: Look, app: str, role: str) -> None:
    if app:
        look.apps.app(app).part("roles", role)
    elif role not in people.WORKSPACE_ROLES:
        raise Forbidden(action=role)


def _may_grant(look: Look, role: str) -> None:
    """Nobody gives more than an administrator may: owners are made by owners."""
    require(look, "owner" if role == "owner" else "admin")


_may_touch = _may_grant


def _keep_an_owner(look: Look, leaving: int) -> None:
    others = (
        select(func.count())
        .select_from(person_role)
        .join(person, person.c.id == person_role.c.person)
        .where(person_role.c.app == "", person_role.c.role == "owner")
        .where(person.c.state == "active", person.c.id != leaving)
    )
    if not look.session.run(others).fetchone()[0]:
        raise LastOwner(person=leaving)


def _set_state(look: Look, number: int, state: str) -> None:
    look.session.run(update(person).where(person.c.id == number).values(state=state))
    people.bump(look.session, [number])
    record(look, f"person_{'suspended' if state == 'suspended' else 'resumed'}", f"person:{number}")
