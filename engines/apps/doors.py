"""What flows and rules ask of their neighbours, filled in: the one door for values, and who people are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engines.core.access import people
from engines.core.actions.services import AnyForm
from engines.core.kernel.scope import SystemRights
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query
from engines.core.records.change import Change
from engines.core.records.source import Values
from engines.form import submit

SERVICE = "flows and rules write as the app's service account"


class Records:
    """Service `records`."""

    def create(self, uow: UnitOfWork, form: AnyForm, given: Mapping[str, Any]) -> Change:
        """Like somebody who may do anything, checked like anybody."""
        with _as_service(uow):
            return submit.create_record(uow, _own(uow, form), dict(given))

    def change(
        self, uow: UnitOfWork, form: AnyForm, record: int, given: Mapping[str, Any], *, seen: int | None = None
    ) -> Change:
        with _as_service(uow):
            return submit.change_record(uow, _own(uow, form), record, dict(given), seen=seen)

    def read(self, look: Look, form: AnyForm, record: int) -> Values:
        """Stored values; NotFound when the record is gone."""
        return query.one(look.as_system(SERVICE), form.source, record)


class People:
    """Service `people`."""

    def find(self, look: Look, name: str) -> int | None:
        return next((one["id"] for one in people.everyone(look.session) if one["name"] == name), None)

    def members_of_role(self, look: Look, app: str, role: str) -> list[int]:
        return [one["id"] for one in people.everyone(look.session) if one["role"] == role]

    def supervisor_of(self, look: Look, person: int) -> int | None:
        return None

    def department_head(self, look: Look, department: int) -> int | None:
        return None

    def active(self, look: Look, person: int) -> bool:
        return people.by_id(look.session, person) is not None

    def admins(self, look: Look) -> list[int]:
        return [one["id"] for one in people.everyone(look.session) if one["role"] in ("owner", "admin")]

    def name(self, look: Look, person: int) -> str:
        found = people.by_id(look.session, person)
        return found.name if found else ""

    def email(self, look: Look, person: int) -> str:
        return ""


def _own(look: Look, form: AnyForm) -> Any:
    return look.apps.of_source(form.source.id)


@contextmanager
def _as_service(uow: UnitOfWork) -> Iterator[None]:
    before, uow.rights = uow.rights, SystemRights(SERVICE)
    try:
        yield
    finally:
        uow.rights = before
