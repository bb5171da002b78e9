"""Service `people`: who is meant by a role, a department or a chain of command."""

from engines.core.access import people
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Look


class People:
    """Asked by actions and flows; a person is an id."""

    def find(self, look: Look, name: str) -> int | None:
        try:
            return people.by_name(look.session, name)
        except NotFound:
            return None

    def members_of_role(self, look: Look, app: str, role: str) -> list[int]:
        return people.members(look.session, app, role)

    def supervisor_of(self, look: Look, person: int) -> int | None:
        return people.supervisor_of(look.session, person)

    def department_head(self, look: Look, department: int) -> int | None:
        return people.head_of(look.session, department)

    def active(self, look: Look, person: int) -> bool:
        return people.is_active(look.session, person)

    def admins(self, look: Look) -> list[int]:
        """Administrators first, then the owners."""
        return [*people.members(look.session, "", "admin"), *people.members(look.session, "", "owner")]

    def name(self, look: Look, person: int) -> str:
        found = people.card(look.session, person)
        return found[0] if found else ""

    def email(self, look: Look, person: int) -> str:
        found = people.card(look.session, person)
        return found[1] if found else ""
