"""What a writer may leave behind: a new record, or one after an edit, lies within the rows of the writer's roles."""

import io

import pytest

from engines.apps.imports import upload
from engines.apps.platform import SYSTEM
from engines.core.access import service
from engines.core.kernel.errors import Invalid
from engines.core.records import query
from engines.form import submit
from engines.form.imports import Mapping

from .kit import APP, label, role

WRITE = ["view", "create", "edit", "import"]
FIELDS = [
    {"id": "title", "type": "text", "label": label("Title")},
    {"id": "amount", "type": "number", "label": label("Amount")},
    {"id": "twice", "type": "formula", "formula": "amount * 2", "label": label("Twice")},
    {"id": "owner", "type": "person", "label": label("Owner")},
    {"id": "place", "type": "department", "label": label("Place")},
    {"id": "above", "type": "relation", "form": "deal", "label": label("Above")},
    {"id": "tier", "type": "text", "label": label("Tier")},
]
GOLD = {
    "id": "gold", "label": label("Gold"), "form": "deal", "kind": "state", "when": "amount = 77",
    "then": [{"type": "set_field", "values": [{"field": "tier", "value": "gold"}]}],
}  # fmt: skip
ROLES = [
    role("own", WRITE, rows="own", own_by=["owner"]),
    role("maker", WRITE, rows="own"),
    role("team", WRITE, rows="department", own_by=["owner"]),
    role("below", WRITE, rows="department_below", own_by=["owner"]),
    role("placed", WRITE, rows="department_below", own_by=["place"]),
    role("all", WRITE, rows="all"),
    role("small", WRITE, rows={"formula": "amount < 100"}),
    role("twofold", WRITE, rows={"formula": "twice < 100"}),
    role("under", WRITE, rows={"formula": "above.owner = CURRENT_USER()"}),
    role("untold", WRITE, rows={"formula": "amount < 100"}, fields={"amount": "hidden"}),
    role("plain_tier", WRITE, rows={"formula": "ISBLANK(tier)"}, fields={"tier": "read"}),
    role("giver", WRITE, rows="own", own_by=["owner"], hand_over=True),
]


@pytest.fixture
def fenced(house):
    """The house of the access tests over a form with an owner, a place, a computed number and a rule."""
    definition = APP | {"roles": ROLES, "rules": [GOLD]}
    definition["forms"] = [{"id": "deal", "label": label("Deal"), "fields": FIELDS}]
    house.platform.run(SYSTEM, lambda uow: house.platform.catalog.publish(uow, definition))
    return house


def make(house, who, **given):
    actor = house.who[who] if who else SYSTEM
    return house.platform.run(actor, lambda uow: submit.create_record(uow, house.deal, given)).id


def change(house, who, record, **given):
    return house.platform.run(house.who[who], lambda uow: submit.change_record(uow, house.deal, record, given))


def row(house, record):
    return house.platform.look(SYSTEM, lambda look: query.one(look, house.deal.source, record))


def refused(fn, *args, **given):
    """Problem codes by field."""
    with pytest.raises(Invalid) as error:
        fn(*args, **given)
    return {name: problem.code for name, problem in error.value.problems.items()}


def person(house, name):
    return house.who[name].id


CASES = [
    ("own", "cai", "cai", None),
    ("own", "cai", "bo", "outside_own"),
    ("team", "cai", "bo", None),
    ("team", "cai", "dan", "outside_department"),
    ("below", "bo", "dan", None),
    ("below", "bo", "eve", "outside_department_below"),
    ("below", "may", "dan", None),
    ("all", "cai", "eve", None),
    ("maker", "cai", "eve", None),
]


@pytest.mark.parametrize(("given", "writer", "owner", "wrong"), CASES, ids=lambda v: str(v))
def test_a_new_record_lies_within_the_rows_of_its_maker(fenced, given, writer, owner, wrong):
    fenced.give(writer, given)
    if wrong is None:
        made = make(fenced, writer, title="t", owner=person(fenced, owner))
        assert row(fenced, made)["owner"] == person(fenced, owner)
    else:
        assert refused(make, fenced, writer, title="t", owner=person(fenced, owner)) == {"owner": wrong}


@pytest.mark.parametrize(("given", "writer", "owner", "wrong"), CASES, ids=lambda v: str(v))
def test_an_edit_does_not_carry_a_record_out_of_the_rows(fenced, given, writer, owner, wrong):
    fenced.give(writer, given)
    made = make(fenced, writer, title="t")
    if wrong is None:
        change(fenced, writer, made, owner=person(fenced, owner))
    else:
        assert refused(change, fenced, writer, made, owner=person(fenced, owner)) == {"owner": wrong}
        assert row(fenced, made)["owner"] == person(fenced, writer)
    change(fenced, writer, make(fenced, writer, title="u"), title="what is not about rows may be changed")


def test_a_record_that_names_nobody_is_its_makers(fenced):
    fenced.give("cai", "own")
    made = make(fenced, "cai", title="t")
    assert row(fenced, made)["owner"] == person(fenced, "cai")
    assert fenced.as_("cai", lambda look: query.one(look, fenced.deal.source, made))["title"] == "t"
    assert refused(change, fenced, "cai", made, owner=None) == {"owner": "outside_own"}


def test_a_department_is_one_of_the_makers(fenced):
    fenced.give("bo", "placed")
    make(fenced, "bo", title="t", place=fenced.at["corner"])
    assert refused(make, fenced, "bo", place=fenced.at["south"]) == {"place": "outside_departments"}
    assert refused(make, fenced, "bo", title="nowhere") == {"place": "outside_departments"}


def test_a_formula_says_what_may_be_written(fenced):
    fenced.give("cai", "small")
    made = make(fenced, "cai", amount=99)
    assert refused(make, fenced, "cai", amount=100) == {"amount": "outside_rows"}
    assert refused(make, fenced, "cai", title="without an answer it denies") == {"amount": "outside_rows"}
    assert refused(change, fenced, "cai", made, amount=100) == {"amount": "outside_rows"}
    change(fenced, "cai", made, amount=98)


def test_a_computed_value_is_there_before_it_is_asked(fenced):
    fenced.give("cai", "twofold")
    made = make(fenced, "cai", amount=49)
    assert refused(change, fenced, "cai", made, amount=50) == {"amount": "outside_rows"}
    assert refused(make, fenced, "cai", amount=50) == {"": "outside_rows"}


def test_a_formula_may_look_at_the_record_that_is_pointed_at(fenced):
    mine = make(fenced, None, owner=person(fenced, "cai"))
    theirs = make(fenced, None, owner=person(fenced, "eve"))
    fenced.give("cai", "under")
    made = make(fenced, None, above=mine)
    change(fenced, "cai", made, title="seen through the one above")
    assert refused(change, fenced, "cai", made, above=None) == {"above": "outside_rows"}
    assert refused(change, fenced, "cai", made, above=theirs) == {"above": "no_such_record"}


def test_what_cannot_be_seen_is_not_named(fenced):
    fenced.give("cai", "untold")
    assert refused(make, fenced, "cai", title="t") == {"": "outside_rows"}


def test_rights_add_up(fenced):
    fenced.give("cai", "own", "small")
    make(fenced, "cai", amount=5, owner=person(fenced, "eve"))
    make(fenced, "cai", amount=500, owner=person(fenced, "cai"))
    assert refused(make, fenced, "cai", amount=500, owner=person(fenced, "eve")).keys() == {"amount", "owner"}


def test_a_role_may_give_records_away_and_still_makes_none_for_others(fenced):
    fenced.give("cai", "giver")
    made = make(fenced, "cai", title="t")
    change(fenced, "cai", made, owner=person(fenced, "eve"))
    assert refused(make, fenced, "cai", owner=person(fenced, "eve")) == {"owner": "outside_own"}


def test_what_a_rule_moves_is_not_the_writers_doing(fenced):
    fenced.give("cai", "plain_tier")
    made = make(fenced, "cai", amount=77)
    assert row(fenced, made)["tier"] == "gold"


def test_what_runs_by_itself_is_not_fenced_in(fenced):
    scope = fenced.platform.look(service.account("shop"), lambda look: look.rights.scope("shop__deal"))
    assert scope.fences == {}
    records = fenced.platform.services["records"]
    given = {"title": "t", "owner": person(fenced, "eve")}
    fenced.give("cai", "own")
    fenced.platform.run(fenced.who["cai"], lambda uow: records.create(uow, fenced.deal, given))


def test_an_import_is_told_in_the_dry_run_what_the_door_says(fenced):
    fenced.give("cai", "own")
    cai = fenced.who["cai"]
    found = upload(
        fenced.platform, cai, fenced.deal, "deals.csv", io.BytesIO(b"Title,Owner\nmine,cai\ntheirs,eve\nx,\n")
    )
    assert found.check()["failed"] == 1
    done = found.run()
    assert (done["created"], done["failed"]) == (2, 1)
    ((number, _, problems),) = found.failures()
    assert (number, {name: problem.code for name, problem in problems.items()}) == (3, {"owner": "outside_own"})
    assert all(row(fenced, n["_id"])["owner"] == cai.id for n in _seen(fenced, "cai"))


def test_an_import_that_updates_asks_too(fenced):
    fenced.give("cai", "own")
    make(fenced, "cai", title="mine")
    sheet = io.BytesIO(b"Title,Owner\nmine,eve\n")
    found = upload(fenced.platform, fenced.who["cai"], fenced.deal, "deals.csv", sheet)
    found.choose(Mapping(("title", "owner"), "update", "title"))
    assert found.check()["failed"] == 1
    assert found.run()["updated"] == 0


def test_who_may_write_everywhere_is_asked_nothing(fenced):
    fenced.give("cai", "all")
    scope = fenced.as_("cai", lambda look: look.rights.scope("shop__deal"))
    assert scope.fences == {}


def _seen(house, who):
    return house.as_(who, lambda look: query.page(look, house.deal.source, query.Ask()).rows)
