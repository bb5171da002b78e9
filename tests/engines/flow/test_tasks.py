"""People and their tasks: who gets them, who was quicker, what happens when time is over."""

import threading

import pytest

from engines.core.access import commands
from engines.core.kernel.errors import Conflict, Invalid, NotFound
from engines.flow import inbox, tasks

from .conftest import CREATED, DAY, HOUR, MINUTE, flow, label

ANN = [{"users": ["ann"]}]


def approve(**more):
    return {"id": "ok", "type": "approve", "assign": ANN, **more}


def handle(**more):
    return {"id": "call", "type": "handle", "label": label("Call {{name}}"), "assign": ANN, **more}


def test_a_created_record_gives_somebody_a_task_that_names_it_and_completing_it_ends_the_run(house):
    house.publish(flow("f", CREATED, [handle(due="PT2H")]))
    house.create(name="Big deal")
    (card,) = house.todo("ann")
    assert card["title"]["en"] == "Call Big deal"
    assert card["record_title"] == "Big deal"
    assert card["due_at"] == house.now + 2 * HOUR
    assert card["urgency"] == "soon"
    assert house.notices("ann") == ["New task: Call Big deal"]
    assert house.act("ann", "complete") == "done"
    assert house.todo("ann") == []
    assert [one["id"] for one in house.todo("ann", "done")] == [card["id"]]
    assert house.runs()[0]["state"] == "done"
    assert house.said() == ["start", "open", "done", "leave", "end"]


def test_eight_people_complete_at_once_and_one_wins(house):
    house.publish(flow("f", CREATED, [approve()]))
    house.create()
    number, barrier, told = house.task("ann"), threading.Barrier(8), []

    def press():
        barrier.wait()
        try:
            told.append(house.platform.run(house_actor(house), lambda uow: tasks.approve(uow, house.ann, number)))
        except Conflict as error:
            told.append(error)

    threads = [threading.Thread(target=press) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert [one for one in told if isinstance(one, str)] == ["approve"]
    lost = [one for one in told if isinstance(one, Conflict)]
    assert len(lost) == 7
    assert all("ann already approved this at" in one.say("en") for one in lost)


def house_actor(house):
    from engines.core.kernel.work import Actor

    return Actor(house.ann, "ann")


def test_a_stale_page_is_refused(house):
    house.publish(flow("f", CREATED, [handle()]))
    house.create()
    with pytest.raises(Conflict):
        house.act("ann", "complete", rev=7)


def test_the_task_of_somebody_else_does_not_exist_for_me(house):
    house.publish(flow("f", CREATED, [handle()]))
    house.create()
    number = house.task("ann")
    with pytest.raises(NotFound):
        house.act("bob", "complete", number)
    with pytest.raises(NotFound):
        house.look(lambda look: inbox.one(look, house.bob, number))


def test_a_rejected_approval_without_a_way_on_ends_the_run_rejected(house):
    house.publish(flow("f", CREATED, [approve()]))
    house.create()
    assert house.act("ann", "reject", comment="too cheap") == "reject"
    assert house.runs()[0]["state"] == "rejected"
    assert house.history()[2]["data"]["comment"] == "too cheap"


@pytest.mark.parametrize(
    ("mode", "said", "result"),
    [
        ("any", [("ann", "reject"), ("bob", "approve")], "approve"),
        ("any", [("ann", "reject"), ("bob", "reject"), ("boss", "reject")], "reject"),
        ("all", [("ann", "approve"), ("bob", "reject")], "reject"),
        ("all", [("ann", "approve"), ("bob", "approve"), ("boss", "approve")], "approve"),
        ("vote", [("ann", "approve"), ("bob", "approve")], "approve"),
        ("vote", [("ann", "reject"), ("bob", "reject")], "reject"),
    ],
)
def test_how_many_must_agree(house, mode, said, result):
    house.publish(flow("f", CREATED, [approve(assign=[{"users": ["ann", "bob", "boss"]}], mode=mode, ratio=0.6)]))
    house.create()
    told = [house.act(who, what) for who, what in said]
    assert told[-1] == result
    assert told[:-1] == [None] * (len(said) - 1)
    assert [house.todo(who) for who in ("ann", "bob", "boss")] == [[], [], []]


def test_in_sequence_the_next_one_is_asked_when_the_one_before_agreed(house):
    house.publish(flow("f", CREATED, [approve(assign=[{"users": ["ann", "bob"]}], mode="seq")]))
    house.create()
    assert house.todo("bob") == []
    house.act("ann", "approve")
    assert house.act("bob", "approve") == "approve"


def test_one_for_all_is_claimed_by_one(house):
    house.publish(flow("f", CREATED, [handle(assign=[{"role": "seller"}], claim="queue")]))
    house.create()
    number = house.task("ann")
    assert number == house.task("bob")
    house.act("bob", "claim")
    with pytest.raises(Conflict) as refused:
        house.act("ann", "claim", number)
    assert refused.value.details["who"] == "bob"
    assert house.todo("ann") == []
    house.act("bob", "unclaim")
    assert house.task("ann") == number
    assert house.act("ann", "complete") == "done"


def test_taking_turns_gives_everybody_one_after_the_other(house):
    house.publish(flow("f", CREATED, [handle(assign=[{"role": "seller", "pick": "round_robin"}])]))
    for _ in range(5):
        house.create()
    assert [len(house.todo(who)) for who in ("ann", "bob")] == [3, 2]
    house.run(lambda uow: commands.take(uow, house.ann, "shop", "seller"))
    house.create(who="bob")
    assert len(house.todo("bob")) == 3


def test_the_least_loaded_gets_the_next_one(house):
    house.publish(flow("f", CREATED, [handle(assign=[{"role": "seller", "pick": "least_loaded"}])]))
    for _ in range(4):
        house.create()
    house.act("ann", "complete", house.todo("ann")[0]["id"])
    house.create()
    assert [len(house.todo(who)) for who in ("ann", "bob")] == [2, 2]


@pytest.mark.parametrize(
    ("assign", "who"),
    [
        ([{"field": "owner"}], "bob"),
        ([{"supervisor": "field:owner"}], "boss"),
        ([{"supervisor": "starter"}], "boss"),
        ([{"starter": True}], "ann"),
        ([{"role": "nobody"}], "owner"),
        ([{"department_head": "team"}], "boss"),
    ],
)
def test_who_is_meant_and_never_nobody(house, assign, who):
    house.publish(flow("f", CREATED, [handle(assign=assign)]))
    house.create(owner=house.bob, team=house.sales)
    assert [name for name in house.ids if house.todo(name)] == [who]


def test_a_task_of_a_role_that_nobody_holds_goes_to_an_administrator_and_says_why(house):
    house.publish(flow("f", CREATED, [handle(assign=[{"role": "boss"}])]))
    house.run(lambda uow: commands.take(uow, house.boss, "shop", "boss"))
    house.create()
    house.task("owner")
    opened = next(line for line in house.history() if line["what"] == "open")
    assert opened["data"] == {"people": [house.owner], "meant": [{"zh": "boss", "en": "boss"}]}
    assert "nobody is there who was meant" in house.notices("owner")[0]


def test_an_inbox_has_a_mark_that_changes_with_what_it_shows(house):
    def mark():
        return house.look(lambda look: inbox.mark(look, house.ann))

    house.publish(flow("f", CREATED, [handle(due="PT1H")]))
    marks = [mark()]
    house.create(owner=house.ann)
    marks += [mark(), mark()]
    assert marks[1] == marks[2]
    house.wait(2 * HOUR)
    marks.append(mark())
    house.act("ann", "transfer", to=house.bob)
    marks.append(mark())
    assert marks[0] == marks[4]
    assert len(set(marks)) == 3


def test_people_who_left_are_not_asked_and_their_tasks_go_to_their_supervisor(house):
    house.publish(flow("f", CREATED, [handle(assign=[{"users": ["ann", "bob"]}])]))
    house.create()
    house.run(lambda uow: commands.suspend(uow, house.bob))
    assert [len(house.todo(who)) for who in ("ann", "bob", "boss")] == [1, 0, 1]
    house.create()
    assert [len(house.todo(who)) for who in ("ann", "bob", "boss")] == [2, 0, 1]


def test_what_a_step_asks_for_must_be_filled_in_and_is_written_in_the_same_transaction(house):
    house.publish(flow("f", CREATED, [handle(fields=["stage", "score"], required=["score"])]))
    record = house.create()
    with pytest.raises(Invalid) as refused:
        house.act("ann", "complete", values={"stage": "won", "amount": "5"})
    assert {name: problem.code for name, problem in refused.value.problems.items()} == {
        "amount": "read_only",
        "score": "required",
    }
    assert house.row(record)["stage"] is None
    house.act("ann", "complete", values={"stage": "won", "score": 4})
    assert (house.row(record)["stage"], house.row(record)["score"]) == ("won", 4.0)


def test_a_task_is_handed_on_and_the_other_is_told(house):
    house.publish(flow("f", CREATED, [handle()]))
    house.create()
    house.act("ann", "transfer", to=house.bob, comment="on holiday")
    assert house.todo("ann") == []
    assert house.notices("bob") == ["Handed to you: Call Big"]
    assert house.act("bob", "complete") == "done"


def test_asking_for_a_task_is_possible_once_an_hour(house):
    house.publish(flow("f", CREATED, [handle()]))
    house.create()
    number = house.task("ann")
    house.run(lambda uow: tasks.remind(uow, house.boss, number))
    with pytest.raises(tasks.RemindedLately):
        house.run(lambda uow: tasks.remind(uow, house.boss, number))
    house.now += HOUR
    house.run(lambda uow: tasks.remind(uow, house.boss, number))
    assert house.notices("ann")[:2] == ["Somebody asks for this: Call Big"] * 2


ESCALATE = [{"after": "PT2H", "do": "escalate", "mode": "add"}]


def test_two_hours_of_moved_clock_escalate_to_the_supervisor_and_either_can_finish(house):
    house.publish(flow("f", CREATED, [handle(due="PT2H", deadlines=ESCALATE)]))
    house.create()
    house.wait(2 * HOUR - MINUTE)
    assert house.todo("boss") == []
    house.wait(MINUTE)
    assert house.todo("boss")[0]["escalated"]
    assert house.todo("ann")[0]["escalated"]
    assert house.notices("boss") == ["Overdue, now with you: Call Big"]
    assert house.notices("ann")[0] == "Overdue, now with boss: Call Big"
    assert house.act("boss", "complete") == "done"
    assert house.todo("ann") == []
    assert house.runs()[0]["state"] == "done"


def test_an_escalation_that_moves_the_task_takes_it_from_the_first(house):
    house.publish(flow("f", CREATED, [handle(deadlines=[ESCALATE[0] | {"mode": "replace"}])]))
    house.create()
    house.wait(2 * HOUR)
    assert (len(house.todo("ann")), len(house.todo("boss"))) == (0, 1)


def test_a_deadline_that_came_while_nobody_ran_is_met_once_and_says_how_late(house):
    house.publish(flow("f", CREATED, [handle(deadlines=ESCALATE)]))
    house.create()
    house.wait(5 * HOUR)
    house.wait()
    assert len(house.todo("boss")) == 1
    assert "3 h late" in house.notices("boss")[0]
    assert [line["data"]["late_s"] for line in house.history() if line["what"] == "due"] == [3 * 3600]


def test_reminders_repeat_until_they_have_been_given_often_enough(house):
    house.publish(
        flow("f", CREATED, [handle(deadlines=[{"after": "PT1H", "do": "remind", "repeat": "PT1H", "max": 2}])])
    )
    house.create()
    for _ in range(4):
        house.wait(HOUR)
    assert house.notices("ann").count("Do not forget: Call Big") == 2


def test_a_task_done_in_time_has_no_deadline_left(house):
    house.publish(flow("f", CREATED, [handle(deadlines=ESCALATE)]))
    house.create()
    house.act("ann", "complete")
    assert house.wait(DAY) == 0


@pytest.mark.parametrize(("do", "state"), [("approve", "done"), ("reject", "rejected")])
def test_a_deadline_can_decide_by_itself(house, do, state):
    house.publish(flow("f", CREATED, [approve(deadlines=[{"after": "P1D", "do": do}])]))
    house.create()
    house.wait(DAY)
    assert house.todo("ann") == []
    assert house.runs()[0]["state"] == state


def test_a_deadline_can_lead_another_way(house):
    nodes = [approve(deadlines=[{"after": "P1D", "do": "edge", "port": "late"}]), handle(assign=[{"users": ["bob"]}])]
    edges = [("start", "ok"), ("ok", "end"), ("ok", "call", "late"), ("call", "end")]
    house.publish(flow("f", CREATED, nodes, edges))
    house.create()
    house.wait(DAY)
    assert (house.todo("ann"), len(house.todo("bob"))) == ([], 1)


@pytest.mark.parametrize(("same", "who"), [("skip", []), ("to_supervisor", ["boss"]), ("self", ["ann"])])
def test_what_happens_when_the_starter_would_decide_themselves(house, same, who):
    house.publish(flow("f", CREATED, [approve(same_as_starter=same)]))
    house.create(who="ann")
    assert [name for name in house.ids if house.todo(name)] == who


def test_the_badge_counts_what_is_to_do_and_what_is_late(house):
    house.publish(flow("f", CREATED, [handle(due="PT1H")]))
    house.create()
    house.now += 2 * HOUR
    house.create()
    assert house.look(lambda look: inbox.counts(look, house.ann)) == {"todo": 2, "overdue": 1, "claimable": 0}
    assert [card["urgency"] for card in house.todo("ann")] == ["overdue", "soon"]


def test_a_task_page_shows_what_to_fill_in_what_one_may_do_and_what_happened(house):
    house.publish(flow("f", CREATED, [handle(fields=["stage"], help=label("Be quick"))]))
    house.create()
    shown = house.look(lambda look: inbox.one(look, house.ann, house.task("ann")))
    assert (shown["fields"], shown["help"]["en"]) == (["stage"], "Be quick")
    assert shown["actions"] == ["complete", "transfer"]
    assert [line["what"] for line in shown["history"]] == ["start", "open"]
