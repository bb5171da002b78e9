"""Every field type's examples go through real tables on both databases and come back the same."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.fields import field_types
from engines.core.fields.values import blank
from engines.core.kernel.work import Steps
from engines.core.records import query, store
from engines.core.records.migrate import migrate
from engines.form.compile import compile_forms

EXAMPLES = [
    pytest.param(k, *e, id=f"{k.type}-{i}")
    for k in field_types
    if not k.assigned and k.type != "lookup"  # the store numbers the one, nothing is stored of the other
    for i, e in enumerate(k.examples)
]


def form_of(kind, config):
    field = {"id": "x", "type": kind.type, "label": {"en": "X"}, **config}
    other = {"id": "shop", "label": {"en": "S"}, "fields": [{"id": "name", "type": "text", "label": {"en": "N"}}]}
    app = {"id": "t", "forms": [{"id": "f", "label": {"en": "F"}, "fields": [other["fields"][0], field]}, other]}
    return compile_forms(app)["f"]


@pytest.mark.parametrize(("kind", "config", "raw", "stored"), EXAMPLES)
def test_what_is_stored_is_read_back(platform, kind, config, raw, stored):
    form = form_of(kind, config)

    def there_and_back(uow):
        migrate(uow.session, form.source)
        change = store.create(uow, form.source, {"name": "n", **({"x": stored} if "x" in form.source.blank else {})})
        uow.settle()
        found = query.one(uow, form.source, change.id)
        return found.get("x", blank(form.fields["x"]))

    platform.steps = Steps(writer=store.write)
    found = platform.run(SYSTEM, there_and_back)
    if form.source.children:
        found = tuple({name: value for name, value in row.items() if name != "_id"} for row in found)
        stored = tuple({name: value for name, value in row.items() if name != "_id"} for row in stored)
        assert [row | want for row, want in zip(found, stored, strict=True)] == list(found)
    elif "x" in form.source.blank:
        assert found == stored
