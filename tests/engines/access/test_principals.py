"""Tokens, public links and service accounts: each less than the person behind it, or a closed list of its own."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import commands, service, tokens
from engines.core.access.principals import LinkRights, PublicLink
from engines.core.access.tokens import BadScope, TooLong
from engines.core.kernel import clock
from engines.core.kernel.errors import Forbidden, NotFound, Suspended
from engines.core.kernel.work import Actor
from engines.core.records import query
from engines.form import submit

from .kit import APP


def make(house, name, *scopes, days=90):
    actor = house.who[name]
    made = house.platform.run(actor, lambda uow: tokens.make(uow, actor.id, scopes, days))
    return made, house.platform.db.read(lambda session: tokens.find(session, made))[0]


def listed(house, actor):
    return house.platform.look(actor, lambda look: query.page(look, house.deal.source, query.Ask()).rows)


def test_a_token_is_kept_as_a_hash_and_shown_once(house):
    made, _ = make(house, "cai", "shop:deal:view")
    kept = house.platform.look(SYSTEM, lambda look: tokens.listed(look.session, house.who["cai"].id))[0]
    assert made.startswith("dg_")
    assert made not in str(kept)
    assert kept["start"] == made[:7]


def test_a_token_never_has_more_than_its_owner_has_now(stocked):
    stocked.give("cai", "all")
    _, actor = make(stocked, "cai", "shop:deal:view,edit,delete")
    assert len(listed(stocked, actor)) == 5
    with pytest.raises(Forbidden):
        stocked.platform.run(actor, lambda uow: submit.change_record(uow, stocked.deal, stocked.deals["bo"], {}))
    stocked.take("cai", "all")
    assert listed(stocked, actor) == []
    stocked.give("cai", "own")
    assert [row["_id"] for row in listed(stocked, actor)] == [stocked.deals["cai"]]


def test_a_token_reaches_only_what_it_names(stocked):
    stocked.give("cai", "chief")
    _, actor = make(stocked, "cai", "shop:note:view", "elsewhere:*:*")
    assert listed(stocked, actor) == []
    _, actor = make(stocked, "cai", "shop:*:view")
    assert len(listed(stocked, actor)) == 5
    rights = stocked.platform.look(actor, lambda look: [look.rights.may(r, "shop") for r in ("open", "builder")])
    assert rights == [True, False]


def test_a_token_of_the_owner_is_no_owner(stocked):
    stocked.platform.run(SYSTEM, lambda uow: commands.give(uow, stocked.who["cai"].id, "", "owner"))
    _, actor = make(stocked, "cai", "shop:deal:view")
    assert len(listed(stocked, actor)) == 5
    assert not stocked.platform.look(actor, lambda look: look.rights.may("owner") or look.rights.may("admin"))
    with pytest.raises(Forbidden):
        stocked.platform.run(actor, lambda uow: commands.invite(uow, "new"))


def test_a_token_dies_with_its_day_its_revocation_and_its_owner(stocked, monkeypatch):
    find = lambda made: stocked.platform.db.read(lambda session: tokens.find(session, made))  # noqa: E731  short
    made, _ = make(stocked, "cai", "shop:deal:view", days=1)
    real = clock.wall
    with monkeypatch.context() as patched:
        patched.setattr(clock, "wall", lambda: real() + 86_400 * 1_000_000)
        assert find(made) is None
    number = stocked.platform.look(SYSTEM, lambda look: tokens.listed(look.session))[0]["id"]
    with pytest.raises(NotFound):
        stocked.platform.run(stocked.who["bo"], lambda uow: tokens.revoke(uow, number))
    stocked.platform.run(stocked.who["cai"], lambda uow: tokens.revoke(uow, number))
    assert find(made) is None
    made, actor = make(stocked, "cai", "shop:deal:view")
    stocked.platform.run(stocked.who["adam"], lambda uow: commands.suspend(uow, stocked.who["cai"].id))
    assert find(made) is None
    with pytest.raises(Suspended):
        listed(stocked, actor)


@pytest.mark.parametrize("text", ["", "shop", "shop:deal", "shop:deal:fly", ":deal:view", "shop::view"])
def test_a_scope_that_says_nothing_is_refused(house, text):
    with pytest.raises(BadScope):
        make(house, "cai", text)


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_lives_at_most_a_year(house, days):
    with pytest.raises(TooLong):
        make(house, "cai", "shop:deal:view", days=days)


def test_nobody_makes_a_token_for_somebody_else(house):
    with pytest.raises(Forbidden):
        house.platform.run(house.who["adam"], lambda uow: tokens.make(uow, house.who["cai"].id, ["shop:deal:view"], 90))


def test_a_form_link_takes_its_fields_and_shows_nothing(stocked):
    guest = Actor(0, "guest", via=PublicLink(LinkRights("shop__deal", "l1", takes=frozenset({"title"}))))
    stocked.platform.run(guest, lambda uow: submit.create_record(uow, stocked.deal, {"title": "from outside"}))
    assert listed(stocked, guest) == []
    rights = stocked.platform.look(guest, lambda look: look.rights)
    assert rights.scope("shop__note").actions == frozenset()
    assert not any(rights.may(right, "shop") for right in ("open", "admin", "owner", "builder", "dashboards"))


def test_a_view_link_shows_its_rows_and_fields_and_takes_nothing(stocked):
    only = LinkRights(
        "shop__deal",
        "l2",
        shows=frozenset({"title"}),
        rows=lambda place: place.raw("title") == "bo's deal",
    )
    guest = Actor(0, "guest", via=PublicLink(only))
    (row,) = listed(stocked, guest)
    assert {name for name in row if not name.startswith("_")} == {"title"}
    with pytest.raises(Forbidden):
        stocked.platform.run(guest, lambda uow: submit.create_record(uow, stocked.deal, {"title": "x"}))


def test_an_app_acts_with_what_its_publisher_held_and_inside_itself(stocked):
    app = service.account("shop")
    assert len(listed(stocked, app)) == 5
    stocked.give("cai", "own")
    stocked.platform.run(SYSTEM, lambda uow: commands.give(uow, stocked.who["cai"].id, "", "builder"))
    stocked.platform.run(stocked.who["cai"], lambda uow: stocked.platform.catalog.publish(uow, APP))
    assert [row["_id"] for row in listed(stocked, app)] == [stocked.deals["cai"]]
    assert stocked.platform.look(app, lambda look: look.rights.scope("other__deal").actions) == frozenset()
    assert (
        stocked.platform.look(service.account("ghost"), lambda look: look.rights.scope("shop__deal").actions) == set()
    )
