"""The article's day, played through the real engines on a workspace without demo data."""

import datetime

import pytest

from engines.apps.demo import read_recipe
from engines.apps.demo.staff import staff
from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.jobs import worker
from engines.core.kernel import clock
from engines.core.kernel.work import Actor
from engines.core.records import history, query
from engines.flow import inbox, tasks
from engines.form import submit
from engines.report.run import run as run_report

from .conftest import FOLDER, INSTALLED, ZONE, micros

HOUR = 3_600_000_000
DAY = 24 * HOUR
CRM = "crm_livestream"


class Team:
    """A workspace with the app and its staff, and a clock that only this class moves."""

    def __init__(self, platform):
        self.platform, self.now = platform, micros(INSTALLED)
        with clock.frozen(self.now):
            platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
            platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, read_folder(FOLDER)))
            self.ids = platform.run(SYSTEM, lambda uow: staff(uow, CRM, read_recipe(FOLDER), "zh"))

    def actor(self, who):
        return SYSTEM if who is None else Actor(self.ids[who], who)

    def form(self, name):
        return self.look(lambda look: look.apps.form(CRM, name))

    def run(self, fn, who=None):
        with clock.frozen(self.now):
            return self.platform.run(self.actor(who), fn)

    def look(self, fn, who=None):
        with clock.frozen(self.now):
            return self.platform.look(self.actor(who), fn)

    def create(self, form, who=None, **values):
        found = self.form(form)
        return self.run(lambda uow: submit.create_record(uow, found, values), who).id

    def change(self, form, record, who=None, **values):
        found = self.form(form)
        return self.run(lambda uow: submit.change_record(uow, found, record, values), who)

    def fan(self, who=None, **values):
        return self.create("fan", who, **({"handle": "晚风与茶", "platform": "douyin"} | values))

    def order(self, fan, amount, **values):
        at = datetime.datetime.fromtimestamp(self.now / 1e6, ZONE).isoformat()
        return self.create("order", fan=fan, amount=amount, status="paid", paid_at=at, **values)

    def seen(self, fan):
        at = datetime.datetime.fromtimestamp(self.now / 1e6, ZONE).isoformat()
        return self.create("interaction", fan=fan, kind="comment", text="有券吗", at=at)

    def row(self, form, record):
        found = self.form(form)
        return self.look(lambda look: found.plain(query.one(look, found.source, record)))

    def all(self, form, who=None):
        found = self.form(form)
        page = self.look(lambda look: query.page(look, found.source, query.Ask(limit=100)), who)
        return [found.plain(row) for row in page.rows]

    def todo(self, who):
        return self.look(lambda look: inbox.inbox(look, self.ids[who], "todo")).rows

    def wait(self, micros_):
        """Time passes in one jump, and whatever became due is done."""
        self.now += micros_
        with clock.frozen(self.now):
            while worker.run_due(self.platform, worker="test"):
                pass


@pytest.fixture
def team(tmp_path):
    platform = open_platform(tmp_path, sync="off")
    yield Team(platform)
    platform.close()


def titles(cards):
    return [card["title"]["zh"] for card in cards]


def test_an_order_above_5000_makes_a_vip_with_a_reason_and_an_invitation(team):
    fan = team.fan(owner=team.ids["ming"])
    team.order(fan, 5200)
    row = team.row("fan", fan)
    assert (row["total_spend"], row["order_count"], row["average_order"]) == (5200.0, 1, 5200.0)
    assert {"vip", "high_value"} <= set(row["tags"])
    assert (row["tier"], row["value_band"], row["journey"]) == ("vip", "high", "first")
    source = team.form("fan").source
    why = team.look(lambda look: history.why(look, source, fan, "tier"))
    assert why["because"]["ref"] == "fan_tier"
    assert "5000" in why["because"]["reason"]["zh"]
    [invited] = team.all("invitation")
    assert (invited["fan"], invited["status"], invited["owner"]) == (fan, "pending", team.ids["ming"])


def test_a_refund_takes_the_tag_of_the_rule_and_leaves_the_one_given_by_hand(team):
    fan = team.fan(tags=["skincare", "high_value"])
    order = team.order(fan, 5200)
    team.change("order", order, status="refunded", refund_amount=5200)
    row = team.row("fan", fan)
    assert set(row["tags"]) == {"skincare", "high_value"}
    assert (row["total_spend"], row["tier"]) == (0.0, "silent")


def test_a_new_fan_is_welcomed_and_the_least_busy_seller_talks_first(team):
    team.fan(handle="小鹿不迷路")
    cards = [card for who in ("ming", "qian", "ke", "tong", "tian") for card in team.todo(who)]
    assert titles(cards) == ["新粉初步沟通：小鹿不迷路"]
    assert cards[0]["due_at"] == team.now + DAY


def test_a_fan_with_an_owner_stays_with_the_owner(team):
    team.fan(owner=team.ids["tian"])
    assert titles(team.todo("tian")) == ["新粉初步沟通：晚风与茶"]


def test_high_intent_goes_to_a_top_seller_and_after_two_hours_to_the_supervisor(team):
    fan = team.fan(owner=team.ids["tian"])
    team.change("fan", fan, tags=["high_intent"])
    holders = [who for who in team.ids if any("高意向" in title for title in titles(team.todo(who)))]
    assert len(holders) == 1
    assert holders[0] in ("ming", "tong")
    [card] = [one for one in team.todo(holders[0]) if "高意向" in one["title"]["zh"]]
    assert card["due_at"] == team.now + 2 * HOUR
    team.wait(2 * HOUR - 1)
    assert titles(team.todo("min")) == []
    team.wait(1)
    assert titles(team.todo("min")) == ["2 小时内联系高意向粉丝：晚风与茶"]


def test_two_fans_of_high_intent_are_shared_by_the_two_top_sellers(team):
    for name in ("一", "二"):
        team.fan(handle=name, tags=["high_intent"], owner=team.ids["tian"])
    assert [len(team.todo(who)) for who in ("ming", "tong")] == [1, 1]


def test_thirty_days_of_silence_group_the_fan_and_plan_a_voucher_once(team):
    fan = team.fan()
    team.seen(fan)
    team.wait(29 * DAY)
    assert team.row("fan", fan)["tags"] == []
    team.wait(DAY)
    assert team.row("fan", fan)["tags"] == ["to_wake"]
    [push] = team.all("coupon_push")
    assert (push["fan"], push["reason"], push["off"], push["status"]) == (fan, "wake", 20.0, "sent")
    team.seen(fan)
    assert team.row("fan", fan)["tags"] == []
    assert len(team.all("coupon_push")) == 1


def test_a_voucher_that_nobody_used_expires(team):
    fan = team.fan()
    push = team.create("coupon_push", fan=fan, reason="vip", off=20, status="planned", valid_until="2026-12-04")
    assert team.row("coupon_push", push)["status"] == "sent"
    team.wait(9 * DAY)
    assert team.row("coupon_push", push)["status"] == "expired"


def test_a_birthday_is_thought_of_three_days_before(team):
    fan = team.fan(birthday="1992-12-02", owner=team.ids["qian"])
    team.order(fan, 400)
    team.wait(2 * DAY)
    assert "生日关怀：晚风与茶" in titles(team.todo("qian"))
    assert [push["reason"] for push in team.all("coupon_push")] == ["birthday"]


def test_a_large_refund_needs_the_supervisor_and_a_small_one_does_not(team):
    fan = team.fan(owner=team.ids["ming"])
    at = INSTALLED.isoformat()
    case = {"fan": fan, "kind": "refund", "status": "open", "opened_at": at, "handler": team.ids["ming"]}
    team.create("after_sale", **case, amount=80)
    assert "in_service" in team.row("fan", fan)["tags"]
    assert len([title for title in titles(team.todo("ming")) if title.startswith("处理售后")]) == 1
    team.create("after_sale", **case, amount=900)
    [card] = team.todo("min")
    assert card["title"]["zh"].startswith("批准退款")
    assert len([title for title in titles(team.todo("ming")) if title.startswith("处理售后")]) == 1


def test_finishing_a_task_asks_for_the_status_and_ends_the_flow(team):
    fan = team.fan(owner=team.ids["tian"], tags=["high_intent"])
    holder = next(who for who in ("ming", "tong") if team.todo(who))
    [card] = team.todo(holder)
    given = {"follow_status": "contacted"}
    team.run(lambda uow: tasks.complete(uow, team.ids[holder], card["id"], rev=card["rev"], values=given), holder)
    assert team.row("fan", fan)["follow_status"] == "contacted"
    assert team.todo(holder) == []


def test_a_seller_sees_own_fans_and_their_orders_the_supervisor_sees_all_teams(team):
    mine, other = team.fan(handle="甲", owner=team.ids["qian"]), team.fan(handle="乙", owner=team.ids["tong"])
    team.order(mine, 10, seller=team.ids["qian"])
    team.order(other, 20, seller=team.ids["tong"])
    assert [row["handle"] for row in team.all("fan", "qian")] == ["甲"]
    assert [row["amount"] for row in team.all("order", "qian")] == [10.0]
    assert {row["handle"] for row in team.all("fan", "min")} == {"甲", "乙"}


def test_operations_see_everybody_with_masked_contacts(team):
    team.fan(phone="100-0000-0001", owner=team.ids["qian"])
    [row] = team.all("fan", "wang")
    assert row["phone"] != "+8610000000001"


def test_a_seller_does_not_see_what_a_channel_costs(team):
    team.create("channel", name="推荐流", kind="organic", cost=500)
    [row] = team.all("channel", "qian")
    assert "cost" not in row


def test_every_report_answers_on_an_empty_workspace(team):
    def ask(look):
        app = look.apps.app(CRM)
        return {report["id"]: run_report(look, app, report["id"], {}) for report in app.parts("reports")}

    assert len(team.look(ask)) == len(list((FOLDER / "reports").glob("*.json")))
