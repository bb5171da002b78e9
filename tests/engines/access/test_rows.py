"""Which records a role reaches, asked through every read there is."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import departments, people
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Actor
from engines.core.records import history, query
from engines.form import submit

EVERYBODY = {"may", "bo", "cai", "dan", "eve"}
MATRIX = [
    ("gil", [], set()),
    ("cai", ["own"], {"cai"}),
    ("cai", ["team"], {"bo", "cai"}),
    ("bo", ["below"], {"bo", "cai", "dan"}),
    ("dan", ["below"], {"dan"}),
    ("may", ["below"], {"may", "bo", "cai", "dan"}),
    ("eve", ["team"], {"eve"}),
    ("eve", ["all"], EVERYBODY),
    ("eve", ["own", "all"], EVERYBODY),
    ("dan", ["own", "team"], {"dan"}),
    ("gil", ["below"], set()),
    ("gil", ["clerk"], set()),
    ("adam", [], set()),
    ("adam", ["own"], set()),
    ("eve", ["mine"], {"eve"}),
    ("eve", ["large"], set()),
    ("cai", ["mine", "large"], {"cai"}),
]


@pytest.mark.parametrize(("name", "roles", "whose"), MATRIX, ids=lambda v: "+".join(v) if isinstance(v, list) else "")
def test_every_read_agrees_on_what_is_there(stocked, name, roles, whose):
    stocked.give(name, *roles)
    source, ids = stocked.deal.source, stocked.deals

    def ask(fn):
        return stocked.as_(name, fn)

    assert stocked.sees(name) == whose
    assert ask(lambda look: query.count(look, source)) == len(whose)
    assert {row["_id"] for row in ask(lambda look: query.many(look, source, list(ids.values())))} == {
        ids[one] for one in whose
    }
    assert set(ask(lambda look: query.titles(look, source, list(ids.values())))) == {ids[one] for one in whose}
    down = query.Ask(sort=(("title", True),))
    if whose:
        assert len(ask(lambda look: query.page(look, source, down)).rows) == len(whose)
    for one, number in ids.items():
        for read in (query.one, history.events):
            if one in whose:
                assert ask(lambda look, read=read, number=number: read(look, source, number)) is not None
            else:
                with pytest.raises(NotFound):
                    ask(lambda look, read=read, number=number: read(look, source, number))


def test_the_owner_sees_all_and_an_administrator_nothing(stocked):
    owner = stocked.platform.look(stocked.who["may"], lambda look: people.by_name(look.session, "owner"))
    stocked.who["owner"] = Actor(owner, "owner")
    assert stocked.sees("owner") == EVERYBODY
    assert stocked.sees("adam") == set()


def test_a_department_that_moves_takes_its_people_to_the_new_reach(stocked):
    stocked.give("may", "below")
    stocked.platform.run(SYSTEM, lambda uow: departments.move(uow.session, stocked.at["corner"], stocked.at["south"]))
    assert stocked.sees("may") == {"may", "bo", "cai"}
    stocked.give("eve", "below")
    assert stocked.sees("eve") == {"eve", "dan"}


def test_edit_reaches_only_the_rows_of_the_role_that_gives_it(stocked):
    stocked.give("cai", "all", "editor_of_own")
    source = stocked.deal.source
    assert stocked.sees("cai") == EVERYBODY
    may_edit = stocked.as_("cai", lambda look: query.page(look.doing("edit"), source, query.Ask()).rows)
    assert [row["_id"] for row in may_edit] == [stocked.deals["cai"]]
    assert stocked.as_("cai", lambda look: query.page(look.doing("export"), source, query.Ask()).rows) == []


def test_a_row_formula_follows_the_record(stocked):
    stocked.give("gil", "large")
    assert stocked.sees("gil") == set()
    change = {"amount": "101"}
    stocked.platform.run(SYSTEM, lambda uow: submit.change_record(uow, stocked.deal, stocked.deals["bo"], change))
    assert stocked.sees("gil") == {"bo"}
