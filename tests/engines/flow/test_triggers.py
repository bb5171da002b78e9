"""What starts a flow, and what does not."""

import pytest

from engines.core.kernel.work import SYSTEM, Actor, Cause
from engines.form import submit

from .conftest import CREATED, DAY, HOUR, MINUTE, flow, label
from .test_runs import put

CALL = [{"id": "x", "type": "handle", "label": label("x"), "assign": [{"users": ["ann"]}]}]


def runs(house):
    return len(house.runs())


def started(house, trigger):
    house.publish(flow("f", trigger, CALL))
    return lambda: len(house.runs())


def test_a_created_record_starts_it_when_the_condition_holds(house):
    count = started(house, CREATED | {"when": "amount > 100"})
    house.create(amount="50")
    assert count() == 0
    house.create(amount="500")
    assert count() == 1


def test_only_watched_fields_count_and_the_condition_knows_before_and_after(house):
    count = started(
        house, {"type": "record_changed", "watch": ["stage"], "when": 'OLD(stage) = "new" AND stage = "won"'}
    )
    record = house.create(stage="new")
    house.change(record, amount="5")
    house.change(record, stage="lost")
    house.change(record, stage="won")
    assert count() == 0
    house.change(record, stage="new")
    house.change(record, stage="won")
    assert count() == 1


def test_a_write_that_changes_nothing_starts_nothing(house):
    count = started(house, {"type": "record_changed"})
    record = house.create(stage="new")
    house.change(record, stage="new")
    assert count() == 0


@pytest.mark.parametrize(("field", "value"), [("tags", "hot"), ("stage", "won")])
def test_a_tag_or_tier_starts_it_when_it_is_entered_and_not_while_it_stays(house, field, value):
    count = started(house, {"type": "value_entered", "field": field, "value": value})
    given = [value] if field == "tags" else value
    other = ["cold"] if field == "tags" else "new"
    record = house.create(**{field: other})
    assert count() == 0
    house.change(record, **{field: given})
    assert count() == 1
    house.change(record, **{field: given, "score": 3})
    assert count() == 1
    house.change(record, **{field: other})
    house.change(record, **{field: given})
    assert count() == 2
    house.create(**{field: given})
    assert count() == 3


# T0 is 21 September 2026, 22:13 in Shanghai
DUE = {"type": "date_field", "field": "due", "offset": "-P1D", "time": "09:00"}


def test_a_day_in_a_record_starts_it_at_the_time_of_day_before(house):
    count = started(house, DUE)
    house.create(due="2026-09-25")
    house.wait(2 * DAY)
    assert count() == 0
    house.wait(11 * HOUR + 15 * MINUTE)
    assert count() == 1
    assert house.wait(400 * DAY) == 0


def test_moving_the_day_moves_what_waits_and_clearing_it_takes_it_away(house):
    count = started(house, DUE)
    record, other, gone = (house.create(due="2026-09-25") for _ in range(3))
    house.change(record, due="2026-10-20")
    house.change(other, due=None)
    house.delete(gone)
    house.wait(20 * DAY)
    assert count() == 0
    house.wait(10 * DAY)
    assert count() == 1


def test_a_day_that_has_passed_is_not_made_up_for_but_one_that_came_while_nobody_ran_is(house):
    count = started(house, DUE)
    house.create(due="2026-01-01")
    house.create(due="2026-09-25")
    house.wait(10 * DAY)
    assert count() == 1
    assert house.said()[-1] == "late"
    assert house.history()[-1]["data"]["late_s"] > 7 * 86400


def test_a_birthday_comes_every_year_and_on_the_28th_when_there_is_no_29th(house):
    count = started(house, {"type": "date_field", "field": "due", "time": "09:00", "yearly": True})
    house.create(due="2020-02-29")
    for _ in range(30):
        house.wait(40 * DAY)
    assert count() == 3


def test_records_that_were_there_before_the_flow_are_planned_too(house):
    house.publish(flow("other", {"type": "button"}, CALL))
    for _ in range(3):
        house.create(due="2026-09-25")
    count = started(house, DUE)
    house.wait(4 * DAY)
    assert count() == 3


def test_the_condition_of_a_day_is_asked_on_the_day(house):
    count = started(house, DUE | {"when": 'stage = "new"'})
    record = house.create(due="2026-09-25", stage="new")
    house.change(record, stage="won")
    house.wait(4 * DAY)
    assert count() == 0


SCHEDULE = {"type": "schedule", "rrule": "FREQ=DAILY", "time": "09:00"}


def scheduled(**more):
    made = flow("s", SCHEDULE | more, CALL)
    del made["form"]
    return made


def test_a_schedule_runs_every_day_without_a_record(house):
    house.publish(scheduled())
    for _ in range(3):
        house.wait(DAY)
    assert runs(house) == 3
    assert {run["record"] for run in house.runs()} == {None}


@pytest.mark.parametrize(("catch_up", "count"), [("one", 1), ("all", 4), ("skip", 0)])
def test_what_a_schedule_missed_while_nobody_ran(house, catch_up, count):
    house.publish(scheduled(catch_up=catch_up))
    house.wait(4 * DAY)
    assert runs(house) == count
    house.wait(10 * HOUR + 50 * MINUTE)
    assert runs(house) == count + 1


def test_publishing_again_does_not_double_a_schedule_and_a_new_one_replaces_it(house):
    house.publish(scheduled())
    house.publish(scheduled())
    house.wait(DAY)
    assert runs(house) == 1
    house.publish(scheduled(time="10:00"))
    house.wait(DAY)
    assert runs(house) == 2
    house.publish(flow("f", CREATED, CALL))
    house.wait(DAY)
    assert runs(house) == 2


def test_a_button_starts_it_where_it_shows(house):
    house.publish(flow("f", {"type": "button", "when": 'stage = "new"'}, CALL))
    record, other = house.create(stage="new"), house.create(stage="won")
    flows, app = house.platform.flows, house.look(lambda look: look.apps.app("shop"))
    assert house.run(lambda uow: flows.press(uow, app, "f", record), "bob")
    with pytest.raises(Exception, match="not_found"):
        house.run(lambda uow: flows.press(uow, app, "f", other), "bob")
    assert [run["starter"] for run in house.runs()] == [house.bob]


@pytest.mark.parametrize(
    ("link", "ref", "count"), [(None, "spring", 1), ("spring", "spring", 1), ("spring", "fall", 0)]
)
def test_a_public_form_starts_it_and_the_same_form_filled_in_by_staff_does_not(house, link, ref, count):
    trigger = {"type": "public_form"} | ({"link": link} if link else {})
    house.publish(flow("f", trigger, CALL))
    house.create()
    form = house.form
    sent = lambda uow: submit.create_record(uow, form, {"name": "guest"})  # noqa: E731  one line
    house.platform.run(SYSTEM, sent, cause=Cause("link", ref))
    assert runs(house) == count


def test_a_webhook_makes_a_record_and_starts_the_flow_once_for_each_key(house):
    values = [{"field": "name", "path": "order.buyer"}, {"field": "amount", "path": "order.lines.0.price"}]
    house.publish(flow("f", {"type": "webhook", "hook": "orders", "values": values}, CALL))
    flows, app = house.platform.flows, house.look(lambda look: look.apps.app("shop"))
    body = {"order": {"buyer": "Zoe", "lines": [{"price": "19.90"}]}}
    call = lambda uow: flows.hook(uow, app, "orders", body, "order-1")  # noqa: E731  one line
    first, second = house.run(call), house.run(call)
    assert first == second
    row = house.row(first["record"])
    assert (row["name"], row["amount"], runs(house)) == ("Zoe", 1990, 1)
    with pytest.raises(Exception, match="bad_hook"):
        house.run(lambda uow: flows.hook(uow, app, "orders", {"order": {}}, "order-2"))


def test_a_flow_meets_the_record_once_after_everything_has_settled(house):
    house.publish(flow("f", CREATED, CALL))

    def command(uow):
        change = submit.create_record(uow, house.form, {"name": "a"})
        uow.settle()
        submit.change_record(uow, house.form, change.id, {"score": 3})

    house.platform.run(Actor(house.ann, "ann"), command)
    assert runs(house) == 1


def test_what_a_flow_writes_starts_other_flows_too(house):
    first = flow("first", CREATED, [put("p", stage="won")])
    second = flow("second", {"type": "value_entered", "field": "stage", "value": "won"}, CALL)
    house.publish(first, second)
    house.create()
    assert [run["flow"] for run in house.runs()] == ["second", "first"]


def test_a_condition_that_cannot_be_computed_stops_no_save(house):
    house.publish(flow("f", CREATED | {"when": "score / score > 1"}, CALL))
    record = house.create(score=0)
    assert house.row(record)["name"] == "Big"
    assert [one["code"] for one in house.incidents()] == ["formula_failed"]
