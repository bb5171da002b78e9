"""Service `records`: the form's door for what acts by itself (rules, flows, schedules)."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query, store
from engines.core.records.change import Change
from engines.core.records.source import Values

from . import submit
from .compile import Form


class RecordService:
    """Values are checked as a person's are; rights are the app's own."""

    def create(self, uow: UnitOfWork, form: Form, given: Mapping[str, Any]) -> Change:
        values = submit.check(form, dict.fromkeys(submit.writable(uow, form)) | dict(given), uow)
        return store.create(uow, form.source, values)

    def change(
        self, uow: UnitOfWork, form: Form, record: int, given: Mapping[str, Any], *, seen: int | None = None
    ) -> Change:
        return store.change(uow, form.source, record, submit.check(form, dict(given), uow), seen=seen)

    def read(self, look: Look, form: Form, record: int) -> Values:
        """Stored values, whoever asks; NotFound when the record is gone."""
        return query.one(look.as_system("what acts by itself reads the whole record"), form.source, record)
