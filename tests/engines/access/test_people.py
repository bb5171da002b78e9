"""Departments and their heads, roles and who may give them, and the trail that is left."""

import pytest
from sqlalchemy import text

from engines.apps.platform import SYSTEM
from engines.core.access import audit, commands, departments, people, sessions
from engines.core.access.commands import LastOwner
from engines.core.access.departments import InsideItself, NotEmpty
from engines.core.access.people import BadName, NameTaken
from engines.core.kernel.errors import Forbidden, NotFound, Suspended
from engines.core.kernel.work import Actor


def run(house, name, fn):
    return house.platform.run(house.who[name] if name else SYSTEM, fn)


def supervisor(house, name):
    number = house.platform.look(SYSTEM, lambda look: people.supervisor_of(look.session, house.who[name].id))
    return next((who for who, actor in house.who.items() if actor.id == number), None)


@pytest.fixture
def owner(house):
    house.who["owner"] = Actor(house.platform.look(SYSTEM, lambda look: people.by_name(look.session, "owner")), "owner")
    return house


def test_the_supervisor_is_the_head_or_for_the_head_the_one_above(house):
    assert {name: supervisor(house, name) for name in house.who} == {
        "may": None,
        "bo": "may",
        "cai": "bo",
        "dan": "bo",
        "eve": None,
        "adam": None,
        "gil": None,
    }


def test_a_department_moves_with_all_below_it_and_never_into_itself(house):
    at = house.at
    run(house, "", lambda uow: departments.move(uow.session, at["street"], at["south"]))
    below = house.platform.look(SYSTEM, lambda look: departments.below(look.session, at["south"]))
    assert sorted(below) == sorted([at["south"], at["street"], at["corner"]])
    assert house.platform.look(SYSTEM, lambda look: departments.below(look.session, at["north"])) == [at["north"]]
    with pytest.raises(InsideItself):
        run(house, "", lambda uow: departments.move(uow.session, at["south"], at["corner"]))
    with pytest.raises(NotEmpty):
        run(house, "", lambda uow: departments.remove(uow.session, at["south"]))


def test_moving_a_department_is_noted_on_everybody_below(house):
    def versions(look):
        rows = look.session.run(text("select name, rights_version from dg_person")).fetchall()
        return dict(rows)

    before = house.platform.look(SYSTEM, versions)
    run(house, "", lambda uow: departments.move(uow.session, house.at["street"], house.at["south"]))
    after = house.platform.look(SYSTEM, versions)
    assert {name for name in after if after[name] != before[name]} == {"may", "bo", "cai", "dan"}


def test_names_are_one_each_and_not_blank(house):
    with pytest.raises(NameTaken):
        run(house, "", lambda uow: people.add(uow.session, " may "))
    for bad in ("  ", "x" * 41):
        with pytest.raises(BadName):
            run(house, "", lambda uow, bad=bad: people.add(uow.session, bad))


@pytest.mark.parametrize(
    "deed",
    [
        lambda uow, who: commands.invite(uow, "new"),
        lambda uow, who: commands.give(uow, who["cai"].id, "shop", "all"),
        lambda uow, who: commands.give(uow, who["cai"].id, "", "owner"),
        lambda uow, who: commands.suspend(uow, who["bo"].id),
        lambda uow, who: commands.new_link(uow, who["bo"].id),
        lambda uow, who: commands.place(uow, who["cai"].id, []),
        lambda uow, who: commands.add_department(uow, "mine"),
    ],
)
def test_an_ordinary_person_changes_nobodys_rights(owner, deed):
    with pytest.raises(Forbidden):
        run(owner, "cai", lambda uow: deed(uow, owner.who))


@pytest.mark.parametrize(
    "deed",
    [
        lambda uow, who: commands.give(uow, who["adam"].id, "", "owner"),
        lambda uow, who: commands.take(uow, who["owner"].id, "", "owner"),
        lambda uow, who: commands.suspend(uow, who["owner"].id),
        lambda uow, who: commands.new_link(uow, who["owner"].id),
        lambda uow, who: commands.invite(uow, "new", role="owner"),
        lambda uow, who: commands.act_as(uow, "", who["cai"].id),
    ],
)
def test_an_administrator_does_not_reach_above_himself(owner, deed):
    with pytest.raises(Forbidden):
        run(owner, "adam", lambda uow: deed(uow, owner.who))


def test_the_last_owner_stays(owner):
    for deed in (
        lambda uow: commands.take(uow, owner.who["owner"].id, "", "owner"),
        lambda uow: commands.suspend(uow, owner.who["owner"].id),
    ):
        with pytest.raises(LastOwner):
            run(owner, "owner", deed)
    run(owner, "owner", lambda uow: commands.give(uow, owner.who["may"].id, "", "owner"))
    run(owner, "owner", lambda uow: commands.take(uow, owner.who["owner"].id, "", "owner"))


def test_an_administrator_takes_a_data_right_visibly(stocked):
    assert stocked.sees("adam") == set()
    run(stocked, "adam", lambda uow: commands.give(uow, stocked.who["adam"].id, "shop", "all"))
    assert len(stocked.sees("adam")) == 5
    last = stocked.platform.look(SYSTEM, lambda look: audit.entries(look.session))[0]
    assert (last["what"], last["actor"]) == ("data_right_taken", stocked.who["adam"].id)


def test_a_role_that_is_not_there_cannot_be_given(house):
    for app, role in (("shop", "king"), ("elsewhere", "all"), ("", "king")):
        with pytest.raises((NotFound, Forbidden)):
            run(house, "adam", lambda uow, a=app, r=role: commands.give(uow, house.who["cai"].id, a, r))


def test_a_right_that_is_taken_is_gone_in_the_next_transaction(stocked):
    stocked.give("cai", "all")
    assert len(stocked.sees("cai")) == 5
    stocked.take("cai", "all")
    assert stocked.sees("cai") == set()


def test_who_is_suspended_is_refused_in_the_next_transaction(stocked):
    stocked.give("cai", "all")
    token = stocked.platform.db.write(lambda session: sessions.open_for(session, stocked.who["cai"].id))
    run(stocked, "adam", lambda uow: commands.suspend(uow, stocked.who["cai"].id))
    with pytest.raises(Suspended):
        stocked.sees("cai")
    with pytest.raises(Suspended):
        run(stocked, "cai", lambda uow: None)
    assert stocked.platform.db.read(lambda session: sessions.find(session, token)) is None
    run(stocked, "adam", lambda uow: commands.resume(uow, stocked.who["cai"].id))
    assert len(stocked.sees("cai")) == 5
    assert stocked.platform.db.read(lambda session: sessions.find(session, token)) is None


def test_somebody_who_never_was_is_refused(house):
    with pytest.raises(Suspended):
        house.platform.look(Actor(9999, "nobody"), lambda look: None)


def test_every_deed_leaves_a_row_and_the_chain_holds(house):
    number, _ = run(house, "adam", lambda uow: commands.invite(uow, "new", places=[house.at["south"]]))
    run(house, "adam", lambda uow: commands.give(uow, number, "shop", "own"))
    run(house, "adam", lambda uow: commands.take(uow, number, "shop", "own"))
    run(house, "adam", lambda uow: commands.suspend(uow, number))
    entries = house.platform.look(SYSTEM, lambda look: audit.entries(look.session))
    assert [e["what"] for e in entries[:4]] == ["person_suspended", "role_taken", "role_given", "person_invited"]
    assert {e["actor"] for e in entries[:4]} == {house.who["adam"].id}
    count, broken = house.platform.look(SYSTEM, lambda look: audit.verify(look.session))
    assert (count, broken) == (len(entries), None)


@pytest.mark.parametrize(
    "tamper",
    [
        "update dg_audit set actor = 1 where what = 'role_given'",
        "delete from dg_audit where what = 'role_given'",
        "update dg_audit set details = '{}' where what = 'role_given'",
    ],
)
def test_a_row_that_was_changed_or_taken_away_breaks_the_chain(house, tamper):
    house.give("cai", "own")
    house.give("cai", "all")
    house.take("cai", "all")
    run(house, "", lambda uow: uow.session.run(text(tamper)))
    _, broken = house.platform.look(SYSTEM, lambda look: audit.verify(look.session))
    assert broken is not None
