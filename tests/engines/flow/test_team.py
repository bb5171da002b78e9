"""Whose tasks a supervisor sees, what a list of them is filtered by, and what lies ahead of a run."""

import pytest

from engines.core.access import departments
from engines.core.kernel.work import Actor
from engines.core.messages import notices
from engines.flow import inbox, team

from .conftest import CREATED, DAY, HOUR, flow, label

CALL = {"id": "call", "type": "handle", "assign": [{"field": "owner"}], "title": label("Call {{name}}"), "due": "PT2H"}
POOL = {"id": "pool", "type": "handle", "assign": [{"role": "seller"}], "claim": "queue"}
POOL["title"] = label("Pick {{name}}")
ZONE = "Asia/Shanghai"


@pytest.fixture
def team_of(house):
    """team_of(who, **conditions): titles of the tasks that somebody sees."""
    house.publish(
        flow("call", {**CREATED, "when": "score = 1"}, [CALL]), flow("pool", {**CREATED, "when": "score = 2"}, [POOL])
    )

    def titles(who, **asked):
        def find(look):
            return team.listing(look, team.Ask(**asked), ZONE).rows

        found = house.platform.look(Actor(house.ids[who], who), lambda look: find(_at(look, house.now)))
        return [card["title"]["en"] for card in found]

    return titles


def _at(look, now):
    look.now = now
    return look


def test_heads_see_those_below_and_the_owner_everybody(house, team_of):
    for who in ("ann", "bob", "boss"):
        house.create(name=who, owner=house.ids[who], score=1)
    assert team_of("boss") == ["Call ann", "Call bob", "Call boss"]
    assert team_of("owner") == ["Call ann", "Call bob", "Call boss"]
    assert team_of("ann") == ["Call ann"]


def test_a_department_further_down_counts_too(house, team_of):
    house.run(lambda uow: departments.lead(uow.session, house.sales, None))
    assert house.look(lambda look: departments.led_by(look.session, house.ids["owner"])) == sorted(
        house.ids[who] for who in ("ann", "bob", "boss")
    )
    assert house.look(lambda look: departments.led_by(look.session, house.ids["boss"])) == []


def test_tasks_that_nobody_has_yet_belong_to_those_who_may_claim_them(house, team_of):
    house.create(name="Z", score=2)
    assert team_of("boss", assignee=0) == ["Pick Z"]
    assert team_of("ann") == ["Pick Z"]
    assert team_of("boss", assignee=house.ids["ann"]) == []


def test_due_times_are_those_of_the_zone_and_titles_are_searched_without_case(house, team_of):
    house.create(name="Now", owner=house.ids["ann"], score=1)
    house.wait(3 * HOUR)
    house.create(name="Later 100%", owner=house.ids["ann"], score=1)
    assert team_of("boss", due="overdue") == ["Call Now"]
    assert team_of("boss", due="week") == ["Call Later 100%"]
    assert team_of("boss", q="later 100%") == ["Call Later 100%"]
    assert team_of("boss", q="%Now") == []
    assert team_of("boss", flow="shop/pool") == []


def test_what_is_done_is_listed_newest_first(house, team_of):
    for name in ("A", "B"):
        house.create(name=name, owner=house.ids["ann"], score=1)
        house.act("ann", "complete")
        house.wait(DAY)
    assert team_of("boss") == []
    assert team_of("boss", state="done") == ["Call B", "Call A"]


def test_the_steps_ahead_end_where_the_road_forks(house):
    asks = {"id": "ok", "type": "approve", "assign": [{"users": ["boss"]}]}
    edges = [("start", "ok"), ("ok", "fork", "approve"), ("ok", "end", "reject"), ("fork", "end", None, "score > 1")]
    branch = {"id": "fork", "type": "branch"}
    house.publish(flow("long", CREATED, [asks, branch], [*edges, ("fork", "end", "else")]))
    house.create()
    (run,) = house.runs()
    assert [step["node"] for step in house.look(lambda look: inbox.ahead(look, run["id"]))] == ["fork"]
    house.act("boss", "reject")
    assert house.look(lambda look: inbox.ahead(look, run["id"])) == []


def test_notices_about_one_task_are_read_with_it(house, team_of):
    for name in ("A", "B"):
        house.create(name=name, owner=house.ids["ann"], score=1)
    first = house.todo("ann")[0]["id"]
    assert house.run(lambda uow: notices.mark_read(uow, house.ids["ann"], task=first)) == 1
    assert house.look(lambda look: notices.unread(look, house.ids["ann"])) == 1
