"""A field that is hidden is absent: from rows, conditions, sorts, search, history, exports and messages."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.kernel.errors import Forbidden, Invalid, NoSuchField, NotFound
from engines.core.kernel.scope import ACTIONS
from engines.core.records import history, query
from engines.form import exports, submit

NAMES = ("cost", "phone", "marks", "nothing_of_the_kind")


def above(name):
    return query.Where(lambda place: place.column(name) > "0", ("above", name))


def tagged(name):
    return query.Where(lambda place: place.link(name)[2] == "hot", ("tagged", name))


@pytest.fixture
def careful(stocked):
    """gil sees all deals, but not their cost and marks, and of the phone the last four digits."""
    stocked.give("gil", "careful")
    change = {"cost": "7", "marks": ["hot"], "phone": "555-0100-9876"}
    stocked.platform.run(SYSTEM, lambda uow: submit.change_record(uow, stocked.deal, stocked.deals["bo"], change))
    change = {"marks": ["cold"]}
    stocked.platform.run(SYSTEM, lambda uow: submit.change_record(uow, stocked.deal, stocked.deals["bo"], change))
    return stocked


def test_rows_carry_no_trace_of_a_hidden_field(careful):
    source = careful.deal.source
    row = careful.as_("gil", lambda look: query.one(look, source, careful.deals["bo"]))
    assert not {"cost", "marks"} & row.keys()
    assert "marks" not in row["_givers"]
    assert row["phone"] == "••••9876"
    assert careful.deal.plain(row).keys() == {"title", "amount", "phone"}


@pytest.mark.parametrize("name", NAMES)
def test_a_hidden_field_cannot_be_named_and_looks_like_one_that_is_not_there(careful, name):
    source = careful.deal.source
    make = tagged if name == "marks" else above
    for ask in (query.Ask(sort=((name, False),)), query.Ask(where=(make(name),))):
        for read in (query.page, query.count):
            if read is query.count and not ask.where:
                continue
            with pytest.raises(NoSuchField) as refused:
                careful.as_("gil", lambda look, read=read, ask=ask: read(look, source, ask))
            assert refused.value.details == {"field": name}
    with pytest.raises(NoSuchField):
        careful.as_("gil", lambda look: query.called(look, source, ["7"], field=name))
    with pytest.raises(NoSuchField):
        careful.as_("gil", lambda look: history.why(look, source, careful.deals["bo"], name))


def test_history_leaves_out_hidden_fields_and_changes_of_nothing_else(careful):
    events = careful.as_("gil", lambda look: history.events(look, careful.deal.source, careful.deals["bo"]))
    assert [(e["what"], e["changes"]) for e in events] == [("create", {})]


def test_history_is_a_right_of_its_own(careful):
    careful.give("cai", "all")
    read = lambda look: history.events(look, careful.deal.source, careful.deals["bo"])  # noqa: E731  used twice
    assert careful.as_("cai", read) == []
    careful.give("cai", "historian")
    assert len(careful.as_("cai", read)) == 3


def test_an_export_needs_its_right_and_holds_what_may_be_read(careful):
    def lines(look):
        return list(exports.lines(look, careful.deal, query.Ask(), language="en", people=lambda *_: {}))

    with pytest.raises(Forbidden):
        careful.as_("gil", lines)
    careful.give("cai", "chief")
    assert len(careful.as_("cai", lines)) == 6
    assert careful.as_("cai", lines)[0] == ["Title", "Amount", "Cost", "Phone", "Marks"]


@pytest.mark.parametrize("name", ["cost", "marks", "nothing_of_the_kind"])
def test_writing_a_hidden_field_is_answered_like_an_unknown_one(careful, name):
    with pytest.raises(Invalid) as refused:
        careful.platform.run(
            careful.who["gil"],
            lambda uow: submit.change_record(uow, careful.deal, careful.deals["bo"], {name: "1"}),
        )
    assert {n: p.code for n, p in refused.value.problems.items()} == {name: "unknown_field"}


def test_a_change_by_who_sees_less_keeps_what_is_hidden(careful):
    change = {"title": "renamed"}
    careful.platform.run(
        careful.who["gil"], lambda uow: submit.change_record(uow, careful.deal, careful.deals["bo"], change)
    )
    row = careful.platform.look(SYSTEM, lambda look: query.one(look, careful.deal.source, careful.deals["bo"]))
    assert (row["title"], row["cost"], row["marks"]) == ("renamed", 7, ("cold",))


def test_write_once_is_filled_once(careful):
    careful.give("cai", "once")
    cai, deal = careful.who["cai"], careful.deal
    made = careful.platform.run(cai, lambda uow: submit.create_record(uow, deal, {"title": "t"})).id
    careful.platform.run(cai, lambda uow: submit.change_record(uow, deal, made, {"amount": "5"}))
    with pytest.raises(Invalid) as refused:
        careful.platform.run(cai, lambda uow: submit.change_record(uow, deal, made, {"amount": "6"}))
    assert refused.value.problems["amount"].code == "write_once"
    with pytest.raises(Invalid) as refused:
        careful.platform.run(cai, lambda uow: submit.change_record(uow, deal, made, {"cost": "6"}))
    assert refused.value.problems["cost"].code == "read_only"


def test_who_may_do_what_is_exactly_the_table(stocked):
    """Each role against each action on somebody else's record and on one's own."""
    table = {
        "all": ({"view"}, {"view"}),
        "editor_of_own": (set(), {"view", "edit", "delete"}),
        "clerk": (set(), set()),
        "chief": ({"view", "edit", "delete"}, {"view", "edit", "delete"}),
    }
    deal, cai = stocked.deal, stocked.who["cai"]
    doors = {
        "view": lambda uow, record: query.one(uow, deal.source, record),
        "edit": lambda uow, record: submit.change_record(uow, deal, record, {"title": "x"}),
        "delete": lambda uow, record: submit.delete_record(uow, deal, record),
    }
    for role, expected in table.items():
        stocked.give("cai", role)
        for number, wanted in zip((stocked.deals["eve"], stocked.deals["cai"]), expected, strict=True):
            assert {name for name, door in doors.items() if _opens(stocked, cai, door, number)} == wanted, role
        stocked.take("cai", role)


def test_nothing_is_given_that_was_not_said(stocked):
    scope = stocked.as_("gil", lambda look: look.rights.scope("shop__note"))
    assert [action for action in ACTIONS if scope.may(action)] == []
    stocked.give("gil", "chief")
    scope = stocked.as_("gil", lambda look: look.rights.scope("shop__note"))
    assert scope.actions == frozenset()
    with pytest.raises(NotFound):
        stocked.as_("gil", lambda look: look.rights.scope("shop__elsewhere"))


class _Undone(Exception):
    pass


def _opens(house, actor, door, record):
    """Tries the door and takes back whatever it did."""

    def work(uow):
        door(uow, record)
        uow.drain()
        raise _Undone

    try:
        house.platform.run(actor, work)
    except _Undone:
        return True
    except (NotFound, Forbidden):
        return False
    raise AssertionError("unreachable")
