"""How a run moves: branches, forks, waits, actions; and what is left when something goes wrong."""

import pytest

from engines.apps.platform import open_platform
from engines.core.kernel.errors import BadDefinition
from engines.core.records import query
from engines.flow import mending
from engines.form import submit

from .conftest import CREATED, DAY, HOUR, MINUTE, flow, label

ANN, BOB = [{"users": ["ann"]}], [{"users": ["bob"]}]


def task(name, assign=ANN, **more):
    return {"id": name, "type": "handle", "label": label(name), "assign": assign, **more}


def action(name, kind, **settings):
    return {"id": name, "type": "action", "do": {"type": kind, **settings}}


def put(name, **values):
    return action(name, "set_field", values=[{"field": key, "value": value} for key, value in values.items()])


def test_a_branch_takes_the_first_way_whose_condition_holds_else_the_rest(house):
    nodes = [
        {"id": "b", "type": "branch"},
        put("big", stage="won"),
        put("mid", stage="new"),
        put("small", stage="lost"),
    ]
    edges = [
        ("start", "b"), ("b", "big", None, "amount > 1000"), ("b", "mid", None, "amount > 100"), ("b", "small", "else"),
        ("big", "end"), ("mid", "end"), ("small", "end"),
    ]  # fmt: skip
    house.publish(flow("f", CREATED, nodes, edges))
    records = [house.create(amount=amount) for amount in ("5000", "500", "5", None)]
    assert [house.row(record)["stage"] for record in records] == ["won", "new", "lost", "lost"]


def test_an_action_is_seen_by_the_branch_after_it_and_history_says_which_flow_wrote(house):
    nodes = [
        action("a", "set_field", values=[{"field": "amount", "formula": "amount * 2"}]),
        {"id": "b", "type": "branch"},
        put("yes", stage="won"),
    ]
    edges = [("start", "a"), ("a", "b"), ("b", "yes", None, "amount = 20"), ("b", "end", "else"), ("yes", "end")]
    house.publish(flow("f", CREATED, nodes, edges))
    record = house.create(amount="10")
    assert (house.row(record)["amount"], house.row(record)["stage"]) == (2000, "won")
    from engines.core.records import history

    events = house.look(lambda look: history.events(look, house.form.source, record))
    assert [(e["what"], e["cause"], e["cause_ref"]) for e in events] == [
        ("update", "flow", "f"),
        ("update", "flow", "f"),
        ("create", "person", None),
    ]
    assert {e["on_behalf"] for e in events[:2]} == {house.ann}


FORK = [
    ("start", "fork"), ("fork", "x"), ("fork", "y"), ("x", "join"), ("y", "join"), ("join", "z"), ("z", "end"),
]  # fmt: skip


def forked(**join):
    return [
        {"id": "fork", "type": "fork"},
        task("x"),
        task("y", BOB),
        {"id": "join", "type": "join", **join},
        task("z"),
    ]


def test_ways_at_the_same_time_meet_when_all_have_come(house):
    house.publish(flow("f", CREATED, forked(), FORK))
    house.create()
    house.act("bob", "complete")
    assert [card["title"]["en"] for card in house.todo("ann")] == ["x"]
    house.act("ann", "complete")
    assert [card["title"]["en"] for card in house.todo("ann")] == ["z"]
    house.act("ann", "complete")
    assert house.runs()[0]["state"] == "done"


def test_the_first_to_come_stops_the_others(house):
    house.publish(flow("f", CREATED, forked(wait="first"), FORK))
    house.create()
    house.act("bob", "complete")
    assert [card["title"]["en"] for card in house.todo("ann")] == ["z"]


def test_a_branch_that_ended_elsewhere_is_not_waited_for(house):
    nodes = [*forked(), {"id": "early", "type": "branch"}]
    edges = [edge for edge in FORK if edge != ("y", "join")]
    edges += [("y", "early"), ("early", "join", None, 'stage = "won"'), ("early", "end", "else")]
    house.publish(flow("f", CREATED, nodes, edges))
    house.create()
    house.act("ann", "complete")
    assert house.todo("ann") == []
    house.act("bob", "complete")
    assert [card["title"]["en"] for card in house.todo("ann")] == ["z"]


def test_a_rejection_in_one_way_of_a_fork_ends_the_whole_run(house):
    nodes = [{"id": "fork", "type": "fork"}, {"id": "x", "type": "approve", "assign": ANN}, task("y", BOB)]
    nodes += [{"id": "join", "type": "join"}]
    edges = [("start", "fork"), ("fork", "x"), ("fork", "y"), ("x", "join"), ("y", "join"), ("join", "end")]
    house.publish(flow("f", CREATED, nodes, edges))
    house.create()
    house.act("ann", "reject")
    assert house.todo("bob") == []
    assert house.runs()[0]["state"] == "rejected"


def test_a_way_back_asks_again(house):
    nodes = [task("fix"), {"id": "ok", "type": "approve", "assign": BOB}]
    edges = [("start", "fix"), ("fix", "ok"), ("ok", "fix", "reject"), ("ok", "end")]
    house.publish(flow("f", CREATED, nodes, edges))
    house.create()
    house.act("ann", "complete")
    house.act("bob", "reject")
    house.act("ann", "complete")
    assert house.act("bob", "approve") == "approve"
    assert house.runs()[0]["state"] == "done"


def test_a_later_branch_knows_what_was_decided(house):
    nodes = [{"id": "ok", "type": "approve", "assign": ANN}, {"id": "b", "type": "branch"}]
    nodes += [put("yes", stage="won"), put("no", stage="lost")]
    edges = [
        ("start", "ok"), ("ok", "b"), ("ok", "b", "reject"), ("b", "yes", None, 'ok = "approve"'), ("b", "no", "else"),
        ("yes", "end"), ("no", "end"),
    ]  # fmt: skip
    house.publish(flow("f", CREATED, nodes, edges))
    first, second = house.create(), house.create()
    older, newer = (card["id"] for card in house.todo("ann"))
    house.act("ann", "approve", older)
    house.act("ann", "reject", newer)
    assert [house.row(record)["stage"] for record in (first, second)] == ["won", "lost"]


def test_a_wait_is_over_after_its_time_once_and_a_restart_does_not_matter(house, tmp_path):
    house.publish(flow("f", CREATED, [{"id": "w", "type": "wait", "for": "P3D"}, put("p", stage="won")]))
    record = house.create()
    house.wait(3 * DAY - MINUTE)
    assert house.row(record)["stage"] is None
    house.wait(2 * HOUR)
    assert house.row(record)["stage"] == "won"
    assert house.wait(DAY) == 0
    (woke,) = [line for line in house.history() if line["what"] == "woke"]
    assert woke["data"] == {"late_s": 2 * 3600 - 60}


def test_a_wait_for_a_day_in_the_record_follows_the_day(house):
    wait = {"id": "w", "type": "wait", "at": {"field": "due", "offset": "-P1D", "time": "09:00"}}
    house.publish(flow("f", CREATED, [wait, put("p", stage="won")]))
    record = house.create()
    assert house.said()[-1] == "waits"
    house.change(record, due="2026-10-05")
    assert house.history()[-1]["data"]["until"] == 1_791_075_600_000_000  # 4 October, 09:00 in Shanghai
    house.change(record, due="2026-11-05")
    house.now = 1_791_100_000_000_000
    assert house.wait() == 0
    house.now = 1_793_754_000_000_000  # 4 November, 09:00 in Shanghai
    house.wait()
    assert house.row(record)["stage"] == "won"


def test_a_wait_until_a_formula_that_gives_nothing_stands_still_with_an_incident(house):
    house.publish(flow("f", CREATED, [{"id": "w", "type": "wait", "until": "due"}, put("p", stage="won")]))
    record = house.create(due=None)
    assert house.runs()[0]["state"] == "incident"
    assert house.incidents()[0]["code"] == "no_date"
    assert house.row(record)["stage"] is None


def test_a_failing_action_leaves_an_incident_and_the_save_stands(house):
    bad = action("bad", "set_field", values=[{"field": "stage", "value": "nonsense"}])
    house.publish(flow("f", CREATED, [put("good", score=1), bad, put("after", amount="9")]))
    record = house.create()
    row = house.row(record)
    assert (row["score"], row["stage"], row["amount"]) == (1.0, None, None)
    (incident,) = house.incidents()
    assert (incident["code"], incident["part"], incident["record"]) == ("invalid", "flow:f", record)
    assert house.runs()[0]["state"] == "incident"
    assert house.runs()[0]["at"][0]["node"] == "bad"


def test_a_skipped_incident_goes_on_and_a_retried_one_tries_again(house):
    bad = action("bad", "create_record", form="deal", values=[{"field": "score", "value": 1}])
    house.publish(flow("f", {"type": "button"}, [bad, put("after", stage="won")]))
    record, other = house.create(), house.create()
    flows, app = house.platform.flows, house.look(lambda look: look.apps.app("shop"))
    house.run(lambda uow: flows.press(uow, app, "f", record), "ann")
    house.run(lambda uow: flows.press(uow, app, "f", other), "ann")
    second, first = house.incidents()
    house.run(lambda uow: mending.skip(uow, first["id"]))
    assert house.row(record)["stage"] == "won"
    house.run(lambda uow: mending.retry(uow, second["id"]))
    (again,) = house.incidents()
    assert again["id"] > second["id"]
    assert house.row(other)["stage"] is None


def test_a_record_that_goes_takes_its_runs_and_tasks_along(house):
    house.publish(flow("f", CREATED, [task("x", deadlines=[{"after": "PT1H", "do": "remind"}])]))
    record = house.create()
    house.delete(record)
    assert house.todo("ann") == []
    assert house.runs()[0]["state"] == "cancelled"
    assert house.wait(DAY) == 0


def test_an_administrator_stops_a_run_and_says_why(house):
    house.publish(flow("f", CREATED, [task("x")]))
    house.create()
    number = house.runs()[0]["id"]
    house.run(lambda uow: house.platform.flows.cancel(uow, number, why="by mistake"))
    assert house.todo("ann") == []
    assert house.history(number)[-1]["data"] == {"why": "by mistake"}


def test_a_run_keeps_the_version_it_was_started_with(house):
    house.publish(flow("f", CREATED, [task("x"), put("p", stage="won")]))
    old = house.create()
    house.publish(flow("f", CREATED, [task("x"), put("p", stage="lost")]))
    new = house.create()
    for card in house.todo("ann"):
        house.act("ann", "complete", card["id"])
    assert [house.row(record)["stage"] for record in (old, new)] == ["won", "lost"]


def test_a_flow_that_is_switched_off_starts_nothing_and_its_runs_go_on(house):
    definition = flow("f", CREATED, [task("x")])
    house.publish(definition)
    house.create()
    house.publish(definition | {"off": True})
    house.create()
    assert len(house.todo("ann")) == 1
    assert house.act("ann", "complete") == "done"


def test_two_flows_that_set_each_other_off_stop_with_an_incident_that_names_the_ring(house):
    def more(name, watch, field):
        step = action("a", "set_field", values=[{"field": field, "formula": f"{field} + 1"}])
        return flow(name, {"type": "record_changed", "watch": [watch]}, [step])

    house.publish(more("ping", "score", "amount"), more("pong", "amount", "score"))
    record = house.create(score=0, amount="0")
    house.change(record, score=1)
    for _ in range(10):
        house.wait(MINUTE)
    (incident,) = house.incidents()
    assert incident["code"] == "flow_ring"
    assert "ping" in incident["details"]["ring"]
    assert "pong" in incident["details"]["ring"]
    assert house.row(record)["score"] <= 5


def test_a_flow_that_makes_records_that_start_it_again_stops(house):
    more = action("a", "create_record", form="deal", values=[{"field": "name", "value": "more"}])
    house.publish(flow("f", CREATED, [more]))
    house.create()
    for _ in range(20):
        house.wait(MINUTE)
    assert [one["code"] for one in house.incidents()] == ["flow_ring"]
    count = house.look(lambda look: query.count(look, house.form.source))
    assert 5 <= count <= 12


def test_an_action_starts_another_flow_and_the_same_task_is_made_once(house):
    other = flow("other", {"type": "button"}, [task("x")])
    first = flow("first", CREATED, [action("a", "start_flow", flow="other")])
    make = action("t", "create_task", title=label("Call {{name}}"), assign=BOB, due="PT2H", once=True)
    twice = flow("twice", CREATED, [make, make | {"id": "t2"}])
    house.publish(other, first, twice)
    house.create()
    assert len(house.todo("ann")) == 1
    (card,) = house.todo("bob")
    assert (card["title"]["en"], card["flow"], card["due_at"]) == ("Call Big", None, house.now + 2 * HOUR)


def test_whoever_is_informed_has_nothing_to_do(house):
    cc = {"id": "cc", "type": "cc", "assign": [{"role": "boss"}], "text": label("{{name}} came in")}
    house.publish(flow("f", CREATED, [cc]))
    house.create()
    assert house.notices("boss") == ["Big came in"]
    assert house.todo("boss") == []
    assert house.runs()[0]["state"] == "done"


def test_records_erased_for_good_take_everything_along(house):
    late = [{"after": "PT1H", "do": "remind"}]
    days = flow("days", {"type": "date_field", "field": "due"}, [task("y")])
    house.publish(flow("f", CREATED, [task("x", deadlines=late)]), days)
    first, second = house.create(due="2026-12-01"), house.create(due="2026-12-01")
    house.wait()
    app = house.look(lambda look: look.apps.app("shop"))
    gone = house.run(lambda uow: house.platform.flows.forget_all(uow, app, "deal", first, first))
    assert gone == 1
    assert [card["record"] for card in house.todo("ann")] == [second]
    assert len(house.notices("ann")) == 1
    house.wait(HOUR)
    house.wait(90 * DAY)
    assert {run["record"] for run in house.runs()} == {second}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_runs_and_timers_go_on_in_a_new_process(house, tmp_path):
    house.publish(flow("f", CREATED, [task("x"), {"id": "w", "type": "wait", "for": "PT1H"}, put("p", stage="won")]))
    record = house.create()
    house.platform.close()
    again = open_platform(tmp_path)
    house.platform = again
    house.act("ann", "complete")
    house.wait(HOUR)
    assert house.row(record)["stage"] == "won"
    again.close()


BROKEN = [
    ("/flows/0/nodes/0/type", lambda f: f["nodes"][0].update(type="handel")),
    ("/flows/0/nodes/1", lambda f: f["edges"].pop()),
    ("/flows/0/edges/0/to", lambda f: f["edges"][0].update(to="nowhere")),
    ("/flows/0/nodes/0", lambda f: f["nodes"][0].pop("assign")),
    ("/flows/0/nodes/0/due", lambda f: f["nodes"][0].update(due="2 hours")),
    ("/flows/0/nodes/0/fields/0", lambda f: f["nodes"][0].update(fields=["colour"])),
    ("/flows/0/trigger/when", lambda f: f["trigger"].update(when="amuont > 5")),
    ("/flows/0/trigger/type", lambda f: f["trigger"].update(type="record_made")),
    ("/flows/0/edges/1/port", lambda f: f["edges"][1].update(port="late")),
    ("/flows/0/form", lambda f: f.update(form="offer")),
    ("/flows/0/label", lambda f: f.update(label="Hello")),
]


@pytest.mark.parametrize(("path", "spoil"), BROKEN, ids=[path for path, _ in BROKEN])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_flow_that_could_not_run_is_refused_with_the_place_and_the_mend(house, path, spoil):
    definition = flow("f", dict(CREATED), [task("x")])
    spoil(definition)
    with pytest.raises(BadDefinition) as refused:
        house.publish(definition)
    assert path in [place for place, _text in refused.value.problems]


GRAPHS = [
    ("cannot be reached", [task("x"), task("y")], [("start", "x"), ("x", "end"), ("y", "end")]),
    ("for the rest", [{"id": "b", "type": "branch"}], [("start", "b"), ("b", "end", None, "score > 1")]),
    ("no fork leads here", [{"id": "j", "type": "join"}], [("start", "j"), ("j", "end")]),
    ("without waiting", [put("p", score=1), put("q", score=2)], [("start", "p"), ("p", "q"), ("q", "p")]),
    ("nothing follows", [task("x")], [("start", "x")]),
    ("'Do' lacks 'Who'", [{"id": "x", "type": "handle"}], None),
]


@pytest.mark.parametrize(("word", "nodes", "edges"), GRAPHS, ids=[word for word, _, _ in GRAPHS])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_graph_that_would_hang_is_refused(house, word, nodes, edges):
    with pytest.raises(BadDefinition) as refused:
        house.publish(flow("f", CREATED, nodes, edges))
    assert any(word in text["en"] for _place, text in refused.value.problems)


def test_a_failing_save_leaves_no_run(house):
    house.publish(flow("f", CREATED, [task("x")]))

    def command(uow):
        submit.create_record(uow, house.form, {"name": "Ghost"})
        uow.drain()
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        house.run(command)
    assert house.todo("ann") == []
    assert house.runs() == []
