"""The numbers that the sample's README promises, counted from the loaded database; tolerances stand beside them."""

import datetime
import statistics
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import pytest

from engines.apps.demo import read_recipe
from engines.apps.demo.days import Calendar
from engines.apps.demo.make import make
from engines.apps.demo.values import Kitchen
from engines.apps.platform import SYSTEM
from engines.core.records import marks

from ...conftest import ROOT
from .conftest import DAY, FOLDER, INSTALLED, MIDNIGHT, local, micros

SPENT = "select fan, sum(CASE WHEN status = 'refunded' THEN 0 ELSE amount END) as s from @order group by fan"


def test_every_form_has_the_promised_number_of_records(demo):
    wanted = {"fan": 3000, "product": 40, "session": 150, "order": 9000, "interaction": 40000, "account": 3030}
    assert {name: demo.count(name) for name in wanted} == wanted


def test_handles_are_mostly_unique_some_with_emoji_one_of_20_characters(demo):
    handles = [row[0] for row in demo.rows("select handle from @fan")]
    assert len(set(handles)) >= 2980
    assert max(len(handle) for handle in handles) == 20
    with_emoji = sum(any(ord(c) > 0x2700 and not 0x3000 <= ord(c) <= 0x9FFF for c in handle) for handle in handles)
    assert 60 <= with_emoji <= 300


def test_twenty_characters_are_found_by_name(demo):
    long = [row[0] for row in demo.rows("select handle from @fan where length(handle) = 20")]
    assert {"住在云朵上的小王爱喝热牛奶也爱吃甜甜圈呀", "moonlight_tea_and_me"} & set(long)


def test_platforms_are_48_22_18_and_12_percent(demo):
    shares = dict(demo.rows("select platform, count(*) / 30.0 from @fan group by 1"))
    assert shares == pytest.approx({"douyin": 48, "kuaishou": 22, "channels": 18, "wechat": 12}, abs=0.1)


def test_thirty_cities_of_every_size(demo):
    sizes = [row[0] for row in demo.rows("select count(*) from @fan group by city order by 1")]
    assert len(sizes) == 30
    assert sizes[0] < 30
    assert sizes[-1] > 200


def test_forty_products_from_39_to_599_yuan(demo):
    low, high = demo.rows("select min(price) / 100, max(price) / 100 from @product")[0]
    assert (low, high) == (39, 599)


def test_sessions_are_on_tuesday_thursday_and_saturday_at_eight_within_a_year(demo):
    starts = [local(row[0]) for row in demo.rows("select starts_at from @session order by 1")]
    assert {(start.isoweekday(), start.hour, start.minute) for start in starts} == {(2, 20, 0), (4, 20, 0), (6, 20, 0)}
    assert (starts[-1] - starts[0]).days <= 365


def test_orders_are_near_170_yuan_and_12_percent_are_refunded(demo):
    mean, refunded = demo.rows("select avg(amount) / 100, avg(status = 'refunded') from @order")[0]
    assert mean == pytest.approx(170, rel=0.03)
    assert refunded == pytest.approx(0.12, abs=0.001)


def test_order_amounts_are_their_items_less_a_small_discount(demo):
    off = demo.rows(
        "select o.amount, sum(i.quantity * i.price) from @order o "
        "join @order__items i on i._parent = o._id group by o._id"
    )
    assert len(off) == 9000
    assert {items - paid for paid, items in off} <= {0, 500, 1000, 2000}


def test_1400_buyers_60_percent_of_them_twice_65_above_5000(demo):
    counts = [row[0] for row in demo.rows("select count(*) from @order group by fan")]
    assert len(counts) == pytest.approx(1400, abs=5)
    assert sum(n >= 2 for n in counts) / len(counts) == pytest.approx(0.60, abs=0.01)
    assert sum(spent > 500_000 for _fan, spent in demo.rows(SPENT)) == 65


def test_the_top_5_percent_of_buyers_bring_half_of_the_money(demo):
    spent = sorted((spent for _fan, spent in demo.rows(SPENT)), reverse=True)
    assert sum(spent[: round(len(spent) * 0.05)]) / sum(spent) == pytest.approx(0.5, abs=0.015)


def test_sales_peak_before_618_and_1111_and_lull_at_spring_festival(demo):
    weeks: dict[str, int] = defaultdict(int)
    for paid_at, amount in demo.rows("select paid_at, amount from @order"):
        weeks[f"{local(paid_at):%G-%V}"] += amount
    usual = statistics.median(weeks.values())
    assert weeks["2026-24"] + weeks["2026-25"] > 4 * usual
    assert weeks["2026-45"] + weeks["2026-46"] > 4 * usual
    assert weeks["2026-08"] + weeks["2026-09"] < 0.7 * usual


def test_70_percent_of_new_fans_are_silent_after_a_month(demo):
    rows = demo.rows("select f.joined_at, max(i.at) from @fan f join @interaction i on i.fan = f._id group by f._id")
    grown = [(joined, last) for joined, last in rows if joined < MIDNIGHT - 31 * DAY]
    assert len(grown) > 2500
    assert sum(last <= joined + 30 * DAY for joined, last in grown) / len(grown) == pytest.approx(0.70, abs=0.02)


def test_nothing_happens_before_somebody_is_a_fan_or_after_today(demo):
    joined = dict(demo.rows("select _id, joined_at from @fan"))
    for rows in (
        "select fan, paid_at from @order",
        "select fan, at from @interaction",
        "select fan, asked_at from @enquiry",
    ):
        assert all(joined[fan] <= at <= MIDNIGHT for fan, at in demo.rows(rows))


def test_a_small_channel_has_the_best_value_per_fan(demo):
    rows = demo.rows("select code, fan_count, value_per_fan from @channel order by value_per_fan desc")
    assert rows[0][0] == "zhou"
    assert rows[0][1] == 38
    assert rows[0][2] > 2 * rows[1][2]


def test_one_session_sold_out_and_sold_most_of_its_month(demo):
    [(title, revenue, at)] = demo.rows("select title, revenue, starts_at from @session where sold_out = 1")
    near = [row[0] for row in demo.rows("select revenue from @session where abs(starts_at - ?) < ?", at, 8 * DAY)]
    assert "141" in title
    assert revenue == max(near)


def test_thirty_people_are_on_two_platforms(demo):
    assert (
        demo.one("select count(*) from (select fan from @account group by fan having count(distinct platform) = 2)")
        == 30
    )


def test_one_seller_answers_in_4_minutes_and_one_in_9_hours(demo):
    minutes: dict[str, list[float]] = defaultdict(list)
    for name, taken in demo.rows(
        "select p.name, e.response_minutes from @enquiry e join dg_person p on p.id = e.seller where e.answered_at > 0"
    ):
        minutes[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in minutes.items()}
    assert medians["qian.demo"] == pytest.approx(4, abs=1)
    assert medians["tian.demo"] == pytest.approx(540, abs=60)
    assert sorted(medians.values())[1:-1] == pytest.approx([30, 30, 30], abs=20)


def test_fans_are_due_to_lapse_tomorrow_and_the_clock_knows(demo):
    last_seen = "select count(*) from @fan where last_interaction >= ? and last_interaction < ?"
    assert demo.one(last_seen, MIDNIGHT - 29 * DAY, MIDNIGHT - 28 * DAY) >= 9
    due = "select count(*) from dg_due where form = 'crm_livestream__fan' and at = ?"
    assert demo.one(due, MIDNIGHT + DAY) >= 9


def test_six_staff_in_two_teams_under_one_supervisor(demo):
    assert demo.one("select count(*) from dg_person where name like '%.demo'") == 7
    teams = demo.rows(
        "select d.parent, count(*) from dg_department d join dg_person_department p on p.department = d.id "
        "where d.parent is not null group by d.id"
    )
    assert [count for _parent, count in teams] == [3, 3]
    assert len({parent for parent, _count in teams}) == 1
    assert demo.one("select p.name from dg_department d join dg_person p on p.id = d.head") == "min.demo"


def test_mail_is_under_example_and_no_number_is_a_mobile_one(demo):
    assert {row[0].rpartition(".")[2] for row in demo.rows("select email from @fan where email > ''")} == {"example"}
    assert {row[0][:6] for row in demo.rows("select phone from @fan where phone > ''")} == {"+86100"}


def test_computed_values_and_rules_say_what_the_orders_say(demo):
    spent = dict(demo.rows(SPENT))
    assert all(total == spent.get(fan, 0) for fan, total in demo.rows("select _id, total_spend from @fan"))
    assert demo.one("select count(*) from @fan__tags where value = 'vip' and given_by = 'rule:vip'") == 65
    assert demo.one("select count(*) from @fan where tier = 'vip'") == 65
    wakes = "select count(*) from @fan__tags where value = 'to_wake'"
    assert demo.one(wakes) == demo.one("select count(*) from @fan where last_interaction < ?", MIDNIGHT - 29 * DAY)


def test_no_rule_has_acted_on_what_was_brought_in(demo):
    assert demo.one("select count(*) from @coupon_push") == demo.made["coupon_push"]
    assert demo.one("select count(*) from @invitation") == 65
    assert demo.one("select count(*) from dg_rule_hold where rule = 'vip_invite'") == 65


def test_every_record_is_marked_as_demo_data(demo):
    last = demo.one("select max(_id) from @fan")
    look = demo.platform.look
    assert look(SYSTEM, lambda one: marks.is_demo(one, "crm_livestream__fan", last))
    assert not look(SYSTEM, lambda one: marks.is_demo(one, "crm_livestream__fan", last + 1))


def test_numbers_are_the_same_in_both_languages(loaded):
    figures = "select amount, status, paid_at, fan - (select min(_id) from @fan) from @order order by _id"
    assert loaded("zh").rows(figures) == loaded("en").rows(figures)
    assert loaded("zh").made == loaded("en").made


@pytest.mark.parametrize("day", ["2027-02-20", "2028-02-29", "2026-06-15"])
def test_the_numbers_hold_on_other_days_of_installation(day):
    """At Spring Festival, on a leap day, in the middle of a peak: made by the recipe, not stored."""
    recipe = read_recipe(FOLDER)
    zone = ZoneInfo("Asia/Shanghai")
    now = micros(datetime.datetime.fromisoformat(f"{day}T14:30").replace(tzinfo=zone))
    calendar = Calendar(now, zone, recipe["days"], recipe["seasons"])
    rows = make(recipe, Kitchen(recipe["seed"], "zh", calendar, recipe["words"]))
    spent: dict[int, float] = defaultdict(float)
    for order in rows["order"]:
        spent[id(order["fan"])] += 0 if order["status"] == "refunded" else order["amount"]
    most = sorted(spent.values(), reverse=True)
    assert (len(rows["session"]), len(rows["order"]), sum(n > 5000 for n in most)) == (150, 9000, 65)
    assert sum(most[:70]) / sum(most) == pytest.approx(0.5, abs=0.015)
    assert max(order["paid_at"] for order in rows["order"]) < calendar.offset(0)


def test_instants_are_whole_microseconds(demo):
    kinds = "select typeof(_created_at), typeof(at) from @interaction group by 1, 2"
    assert demo.rows(kinds) == [("integer", "integer")]


def test_twelve_first_talks_are_overdue_and_one_fan_waits_longer_than_two_hours(demo):
    late = "select node, count(*) from dg_task where state = 'open' and due_at < ? group by 1 order by 1"
    assert demo.rows(late, micros(INSTALLED)) == [("contact", 1), ("talk_owner", 12)]


def test_texts_are_in_the_language_of_the_installation(loaded):
    english = "".join(row[0] for row in loaded("en").rows("select name from @product"))
    assert english.isascii()
    assert loaded("zh").rows("select name from @product where sku = 'SP002'") == [("修护面霜",)]


def test_running_numbers_follow_the_day_of_the_order(demo):
    rows = demo.rows("select number, paid_at from @order order by _id")
    assert all(number[3:11] == f"{local(paid):%Y%m%d}" for number, paid in rows)
    assert len({number for number, _paid in rows}) == 9000
    assert Counter(number[-4:] for number, _paid in rows)["0001"] >= 140


def test_the_sample_is_data_only():
    assert not list((ROOT / "sample_apps").rglob("*.py"))
