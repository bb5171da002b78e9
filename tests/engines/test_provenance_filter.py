"""A list of exactly what one import brought, by the history of the records."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.kernel.work import Actor, Cause
from engines.core.records import bulk, filters, imports, query
from engines.form import submit

ROWS = [{"handle": f"n{n}", "platform": "douyin"} for n in range(6)]


def listed(platform, source, number, actor=SYSTEM):
    """Handles of what the condition leaves."""

    def read(look):
        given = [{"field": filters.RUN, "op": "is", "value": str(number)}]
        where = filters.compile_filters(look, source, given, "UTC")
        return [row["handle"] for row in query.page(look, source, query.Ask(where=where, sort=(("_id", False),))).rows]

    return platform.look(actor, read)


def test_blocks_and_single_rows_of_an_import_are_listed_and_nothing_else(platform, crm):
    form = crm.form("fan")
    number = platform.run(SYSTEM, lambda uow: imports.start(uow, form.source.id, "a.xlsx", {}))
    cause = Cause("import", str(number))

    def block(first):
        def write(uow):
            bulk.create_many(uow, form.source, [submit.check(form, row, uow) for row in ROWS[first : first + 2]])

        return write

    platform.run(SYSTEM, block(0), cause=cause)
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, form, ROWS[2]))
    platform.run(SYSTEM, block(3), cause=cause)
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, form, ROWS[5]), cause=cause)
    assert listed(platform, form.source, number) == ["n0", "n1", "n3", "n4", "n5"]
    platform.run(SYSTEM, lambda uow: submit.change_record(uow, form, 3, {"total_spend": "5"}), cause=cause)
    assert listed(platform, form.source, number) == ["n0", "n1", "n2", "n3", "n4", "n5"]
    with pytest.raises(filters.BadFilter):
        listed(platform, form.source, number, Actor(1, "owner"))
    with pytest.raises(filters.BadFilter):
        listed(platform, form.source, "x")
