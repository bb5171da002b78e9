"""Sends the record as JSON to another program."""

from collections.abc import Mapping
from typing import Any

from engines.core.fields import field_types
from engines.core.kernel.kind import Definition
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import outbox
from engines.core.messages.base import Message

from ..base import Action, Context, action_types
from ..texts import as_app


@action_types.register
class Webhook(Action):
    """The body: `{app, form, id, cause, values}`; `fields` narrows the values. Address and secret may be
    `secret:NAME`, kept by the operator outside the definition."""

    type = "webhook"
    label = {"zh": "调用 Webhook", "en": "Call a webhook"}
    icon = "link"
    group = "outside"
    config = [
        {"id": "url", "type": "text", "label": {"zh": "地址", "en": "Address"}, "required": True, "max_length": 500},
        {"id": "fields", "type": "field_ref", "label": {"zh": "带上的字段", "en": "Fields"}, "multiple": True},
        {
            "id": "secret",
            "type": "text",
            "label": {"zh": "签名密钥，如 secret:crm", "en": "Secret, such as secret:crm"},
            "max_length": 80,
        },
    ]
    examples = [({"url": "https://hooks.example.org/in", "fields": ["handle"], "secret": "secret:partner"},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        data = {"json": _body(uow, context, settings), "secret": settings.get("secret", "")}
        message = Message("webhook", settings["url"], data=data)
        number = outbox.post(uow, message, app=context.app.id, form=context.source_id, record=context.record)
        return {"outbox": [number]}


def _body(uow: UnitOfWork, context: Context, settings: Definition) -> Definition:
    """Of the fields that are wanted those that whoever published the app may read."""
    fields = context.form.fields if context.form is not None else {}
    wanted = settings.get("fields") or list(fields)
    scope = as_app(uow, context.app.id).rights.scope(context.source_id) if fields else Scope.nothing()
    told = [n for n in wanted if n in fields and n in context.facts and scope.compares(n)]
    values = {n: _plain(context.facts[n], fields[n]) for n in told}
    form = context.form.id if context.form is not None else ""
    return {"app": context.app.id, "form": form, "id": context.record, "cause": context.cause.ref, "values": values}


def _plain(stored: Any, field: Definition) -> Any:
    return field_types.get(field["type"]).plain(stored, field)
