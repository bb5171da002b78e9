"""The tree of departments; who stands where, who leads. The closure table moves in the same transaction."""

from typing import Any

from sqlalchemy import delete, insert, select, update

from engines.core.database.statements import Session, once
from engines.core.kernel.errors import AppError, NotFound

from .people import bump
from .tables import department, path, person_department


class InsideItself(AppError):
    code = "inside_itself"
    words = {
        "zh": "部门不能移到自己的下级里，先选一个不在它下面的部门",
        "en": "A department cannot go below itself: choose one that is not under it",
    }


class NotEmpty(AppError):
    code = "not_empty"
    words = {
        "zh": "还有 {people} 个人、{below} 个下级部门，先移走再删",
        "en": "{people} people and {below} departments are still in it: move them first",
    }


def add(session: Session, name: str, *, parent: int | None = None, head: int | None = None) -> int:
    """A new department under `parent`, or at the top; its id."""
    if parent is not None:
        one(session, parent)
    values = {"name": name.strip()[:80], "parent": parent, "head": head}
    number = int(session.run(insert(department).values(values).returning(department.c.id)).fetchone()[0])
    session.run(insert(path).values(ancestor=number, descendant=number, depth=0))
    _hang(session, number, parent)
    return number


@once
def _all() -> Any:
    return select(*(department.c[n] for n in ("id", "name", "parent", "head"))).order_by("name", "id")


def all_of(session: Session) -> list[dict[str, Any]]:
    """In the order of the tree: {id, name, parent, head, depth}."""
    names = ("id", "name", "parent", "head")
    rows = session.run(_all(session.dialect)).fetchall()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return _below(found, None, 0)


def one(session: Session, number: int) -> dict[str, Any]:
    """NotFound when there is none."""
    for found in all_of(session):
        if found["id"] == number:
            return found
    raise NotFound(department=number)


def below(session: Session, number: int) -> list[int]:
    """The department and all under it."""
    rows = session.run(select(path.c.descendant).where(path.c.ancestor == number)).fetchall()
    return [int(row[0]) for row in rows]


def members(session: Session, numbers: list[int]) -> list[int]:
    """Who stands in any of them."""
    wanted = select(person_department.c.person).where(person_department.c.department.in_(numbers)).distinct()
    return [int(row[0]) for row in session.run(wanted).fetchall()]


def led_by(session: Session, person: int) -> list[int]:
    """Who stands in the departments that a person heads, and in those below."""
    wanted = (
        select(person_department.c.person)
        .join(path, path.c.descendant == person_department.c.department)
        .join(department, department.c.id == path.c.ancestor)
        .where(department.c.head == person)
    )
    return sorted(int(row[0]) for row in session.run(wanted.distinct()).fetchall())


def move(session: Session, number: int, parent: int | None) -> None:
    """With all that is under it; InsideItself."""
    before, under = one(session, number), below(session, number)
    if parent in under:
        raise InsideItself(department=number)
    if parent is not None:
        one(session, parent)
    session.run(delete(path).where(path.c.descendant.in_(under), path.c.ancestor.not_in(under)))
    session.run(update(department).where(department.c.id == number).values(parent=parent))
    _hang(session, number, parent)
    leads = {place["head"] for place in all_of(session) if place["id"] in (before["parent"], parent, *under)}
    bump(session, [*members(session, under), *(head for head in leads if head)])


def lead(session: Session, number: int, head: int | None) -> None:
    """Who leads it; None: nobody."""
    before = one(session, number)["head"]
    session.run(update(department).where(department.c.id == number).values(head=head))
    bump(session, [who for who in (before, head) if who])


def rename(session: Session, number: int, name: str) -> None:
    one(session, number)
    session.run(update(department).where(department.c.id == number).values(name=name.strip()[:80]))


def remove(session: Session, number: int) -> None:
    """An empty one only; NotEmpty."""
    people, under = len(members(session, [number])), len(below(session, number)) - 1
    if people or under > 0:
        raise NotEmpty(people=people, below=under)
    session.run(delete(path).where(path.c.descendant == number))
    session.run(delete(department).where(department.c.id == number))


def place(session: Session, person: int, numbers: list[int]) -> None:
    """The departments that a person stands in, instead of those before."""
    known = {found["id"] for found in all_of(session)}
    if missing := set(numbers) - known:
        raise NotFound(department=min(missing))
    session.run(delete(person_department).where(person_department.c.person == person))
    for number in sorted(set(numbers)):
        session.run(insert(person_department).values(person=person, department=number))
    bump(session, [person])


def _hang(session: Session, number: int, parent: int | None) -> None:
    """Every department from the parent up is above every one from this down."""
    if parent is None:
        return
    above = session.run(select(path.c.ancestor, path.c.depth).where(path.c.descendant == parent)).fetchall()
    under = session.run(select(path.c.descendant, path.c.depth).where(path.c.ancestor == number)).fetchall()
    for ancestor, up in above:
        for descendant, down in under:
            session.run(insert(path).values(ancestor=ancestor, descendant=descendant, depth=up + down + 1))


def _below(found: list[dict[str, Any]], parent: int | None, depth: int) -> list[dict[str, Any]]:
    ordered = []
    for one in (one for one in found if one["parent"] == parent):
        ordered += [one | {"depth": depth}, *_below(found, one["id"], depth + 1)]
    return ordered
