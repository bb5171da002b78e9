"""A value computed over other records is hidden from who may not see them all, unless it is a published result."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.fields import field_types
from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import NoSuchField
from engines.core.records import filters, history, query
from engines.form import asking, exports, lists, read, schema, submit

from .kit import APP, label


def number(name, **rest):
    return {"id": name, "type": "number", "label": label(name.title()), **rest}


def total(name, **rest):
    return {"id": name, "type": "rollup", "label": label(name.title()), "relation": "parts", "aggregate": "sum",
            "field": "price", **rest}  # fmt: skip


def made(name, formula, **rest):
    return {"id": name, "type": "formula", "label": label(name.title()), "formula": formula, **rest}


def looked(name, field, **rest):
    return {"id": name, "type": "lookup", "label": label(name.title()), "relation": "deal", "field": field,
            "result": {"type": "number"}, **rest}  # fmt: skip


DEAL = {
    "id": "deal",
    "label": label("Deal"),
    "fields": [
        {"id": "title", "type": "text", "label": label("Title")},
        number("cost"),
        total("total"),
        {"id": "pieces", "type": "rollup", "label": label("Pieces"), "relation": "parts", "aggregate": "count"},
        made("mean", "total / pieces"),
        total("shown", published=True),
        made("double", "shown * 2"),
        made("margin", "cost + 1"),
    ],
}
PART = {
    "id": "part",
    "label": label("Part"),
    "fields": [
        {"id": "name", "type": "text", "label": label("Name")},
        number("price"),
        {"id": "deal", "type": "relation", "form": "deal", "label": label("Deal"),
         "reverse": {"id": "parts", "label": label("Parts")}},
        looked("deal_cost", "cost"),
        looked("deal_cost_told", "cost", published=True),
        looked("deal_total", "total"),
        looked("deal_shown", "shown"),
        made("share", "price / deal.shown"),
    ],
}  # fmt: skip


def reader(name, part, deal=None):
    forms = {"deal": deal or {"actions": ["view", "history", "export"], "rows": "all"}}
    return {"id": name, "label": label(name), "forms": forms | ({"part": part} if part else {})}


SEES = ["view", "export"]
ROLES = [
    reader("wide", {"actions": SEES, "rows": "all"}),
    reader("narrow", {"actions": SEES, "rows": "own"}),
    reader("blind", None),
    reader("unpriced", {"actions": SEES, "rows": "all", "fields": {"price": "hidden"}}),
    reader("uncosted", {"actions": SEES, "rows": "all"},
           {"actions": ["view", "history"], "rows": "all", "fields": {"cost": "hidden"}}),
    reader("parts_only", {"actions": SEES, "rows": "all"}, {"actions": ["view"], "rows": "own"}),
]  # fmt: skip
DEALS = ("title", "cost", "total", "pieces", "mean", "shown", "double", "margin")
SEEN = {
    "wide": set(DEALS),
    "narrow": {"title", "cost", "shown", "double", "margin"},
    "blind": {"title", "cost", "shown", "double", "margin"},
    "unpriced": {"title", "cost", "pieces", "shown", "double", "margin"},
    "uncosted": {"title", "total", "pieces", "mean", "shown", "double"},
}


@pytest.fixture
def shared(house):
    """One deal of bo's with two parts, of which one is cai's."""
    definition = APP | {"forms": [DEAL, PART], "roles": ROLES}
    house.app = house.platform.run(SYSTEM, lambda uow: house.platform.catalog.publish(uow, definition))
    house.deals["bo"] = _make(house, "deal", title="t", cost=9)
    house.parts = [_make(house, "part", name=n, price=p, deal=house.deals["bo"]) for n, p in (("a", 10), ("b", 30))]
    table = house.app.form("part").source.table
    theirs = table.update().where(table.c["_id"] == house.parts[0]).values(_created_by=house.who["cai"].id)
    house.platform.run(SYSTEM, lambda uow: uow.session.run(theirs))
    return house


def _make(house, form, **given):
    return house.platform.run(SYSTEM, lambda uow: submit.create_record(uow, house.app.form(form), given)).id


def rows(look, form, *fields):
    found = query.page(look, form.source, query.Ask()).rows
    read.known(look, form, found)
    return [{name: row.get(name) for name in fields} for row in found]


@pytest.mark.parametrize("role", SEEN)
def test_what_a_role_may_see_of_the_computed_fields(shared, role):
    shared.give("cai", role)
    (row,) = shared.as_("cai", lambda look: query.page(look, shared.deal.source, query.Ask()).rows)
    assert {name for name in DEALS if name in row} == SEEN[role]
    whole = {"title": "t", "cost": 9, "total": 40, "pieces": 2, "mean": 20, "shown": 40, "double": 80, "margin": 10}
    assert {name: row[name] for name in SEEN[role]} == {name: whole[name] for name in SEEN[role]}


def above(name):
    return query.Where(lambda place: place.column(name) > 0, ("above", name))


DOORS = {
    "sort": lambda look, form, n: query.page(look, form.source, query.Ask(sort=((n, True),))).rows,
    "filter": lambda look, form, n: query.count(look, form.source, query.Ask(where=(above(n),))),
    "totals": lambda look, form, n: query.totals(look, form.source, [n], query.Ask()),
    "find by": lambda look, form, n: query.called(look, form.source, [40], field=n),
    "why": lambda look, form, n: history.why(look, form.source, 1, n),
    "sort in text": lambda look, form, n: asking.asked(look, form, sort=f"-{n}"),
    "filter in text": lambda look, form, n: asking.asked(look, form, filter=f"{n} > 0"),
    "fields in text": lambda look, form, n: asking.chosen(look, form, n),
    "filter of a path": lambda look, form, n: asking.asked(
        look, look.apps.form("shop", "part"), filter=f"deal.{n} > 0"
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_what_is_hidden_is_refused_at_every_door_and_what_is_published_is_not(shared, door):
    """`narrow` sees the parts, but not all of them."""
    shared.give("cai", "narrow")
    for name in ("total", "pieces", "mean"):
        with pytest.raises((NoSuchField, FormulaError)):
            shared.as_("cai", lambda look, n=name: DOORS[door](look, shared.deal, n))
    shared.as_("cai", lambda look: DOORS[door](look, shared.deal, "shown"))


def test_lists_exports_and_schemas_are_silent_about_it(shared):
    shared.give("cai", "narrow")
    shared.platform.run(
        SYSTEM, lambda uow: submit.change_record(uow, shared.app.form("part"), shared.parts[1], {"price": 31})
    )

    def told(look):
        form = shared.deal
        return {
            "columns": set(lists.fields_of(look, form)),
            "filters": set(filters.filterable(form.source, look)),
            "sorts": {f["id"] for f in lists.sortable(look, form)},
            "schema": set(schema.answer_schema(look, form)["properties"]),
            "changes": {name for e in history.events(look, form.source, 1) for name in (*e["changes"], *e["why"])},
            "export": set(next(iter(exports.lines(look, form, query.Ask(), language="en", people=lambda *_: {})))),
        }

    for door, names in shared.as_("cai", told).items():
        names = {name.lower() for name in names}
        assert not names & {"total", "pieces", "mean"}, door
        assert "shown" in names, door


def test_a_lookup_shows_what_its_reader_may_see_there_and_a_published_one_its_value(shared):
    shared.give("cai", "uncosted")
    names = ("deal_cost", "deal_cost_told", "deal_total", "deal_shown")
    found = shared.as_("cai", lambda look: rows(look, shared.app.form("part"), *names))
    assert found == [{"deal_cost": None, "deal_cost_told": 9, "deal_total": 40, "deal_shown": 40}] * 2
    shared.give("dan", "parts_only")
    found = shared.as_("dan", lambda look: rows(look, shared.app.form("part"), *names))
    assert found == [{"deal_cost": None, "deal_cost_told": 9, "deal_total": None, "deal_shown": None}] * 2
    by_told = query.Ask(sort=(("deal_cost_told", True),), where=(above("deal_cost_told"),))
    assert len(shared.as_("dan", lambda look: query.page(look, shared.app.form("part").source, by_told).rows)) == 2


def test_a_published_result_may_be_hidden_from_a_role_all_the_same(shared):
    hidden = reader("strict", None, {"actions": ["view"], "rows": "all", "fields": {"shown": "hidden"}})
    definition = APP | {"forms": [DEAL, PART], "roles": [*ROLES, hidden]}
    shared.platform.run(SYSTEM, lambda uow: shared.platform.catalog.publish(uow, definition))
    shared.give("cai", "strict")
    (row,) = shared.as_("cai", lambda look: query.page(look, shared.deal.source, query.Ask()).rows)
    assert not {"shown", "double"} & row.keys()


def test_the_switch_stands_in_the_panel_of_every_computed_type():
    for kind in ("rollup", "lookup", "formula"):
        assert "published" in {one["id"] for one in field_types.get(kind).config}
