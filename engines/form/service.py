"""Service `records`: the form's door for what acts by itself (rules, flows, schedules)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engines.core.access.scopes import rights_of
from engines.core.access.service import account
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query
from engines.core.records.change import Change
from engines.core.records.source import Values

from . import submit
from .compile import Form


class RecordService:
    """Values are checked as a person's are; rights are those of the app's service account."""

    def create(self, uow: UnitOfWork, form: Form, given: Mapping[str, Any]) -> Change:
        with as_account(uow, form.app):
            return submit.create_record(uow, form, dict(given))

    def change(
        self, uow: UnitOfWork, form: Form, record: int, given: Mapping[str, Any], *, seen: int | None = None
    ) -> Change:
        with as_account(uow, form.app):
            return submit.change_record(uow, form, record, dict(given), seen=seen)

    def read(self, look: Look, form: Form, record: int) -> Values:
        """Stored values, whoever asks; NotFound when the record is gone."""
        return query.one(look.as_system("what acts by itself reads the whole record"), form.source, record)


@contextmanager
def as_account(uow: UnitOfWork, app: str) -> Iterator[None]:
    """Inside, rights are those of whoever published the app, and no more than they reach inside it."""
    before, uow.rights = uow.rights, rights_of(uow.session, account(app), uow.apps)
    try:
        yield
    finally:
        uow.rights = before
