"""What travels with a form's page so that it answers while one types, and what never does."""

import io
import json
import re

import pytest

from engines.apps.imports import upload
from engines.apps.platform import SYSTEM
from engines.core.access import commands, people
from engines.core.kernel.errors import Invalid
from engines.core.kernel.work import Actor
from engines.core.records import query
from engines.form import submit
from runtime.web import create_app

from .offers import OFFERS

NEW = "/a/offers/offer/new"


class Desk:
    """The app, and browsers of people with a role in it."""

    def __init__(self, platform):
        self.platform = platform
        self.app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, OFFERS))
        self.web = create_app(platform, b"secret")
        self.boss = Actor(platform.run(SYSTEM, lambda uow: people.add(uow.session, "boss", "owner")), "boss")

    def browser(self, name, role=""):
        if name != "boss":
            number = self.platform.run(SYSTEM, lambda uow: people.add(uow.session, name))
            self.platform.run(SYSTEM, lambda uow: commands.give(uow, number, "offers", role))
        token = self.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name))
        made = self.web.test_client()
        made.get(f"/sign-in/{token}")
        made.set_cookie("language", "en")
        return made

    def make(self, form, /, **given):
        return self.platform.run(self.boss, lambda uow: submit.create_record(uow, self.app.form(form), given)).id

    def change(self, record, **given):
        return self.platform.run(
            self.boss, lambda uow: submit.change_record(uow, self.app.form("offer"), record, given)
        )

    def row(self, record):
        return self.platform.look(SYSTEM, lambda look: query.one(look, self.app.form("offer").source, record))


@pytest.fixture
def backend():
    """Pages are the same over both databases."""
    return "sqlite"


@pytest.fixture
def desk(platform):
    return Desk(platform)


def told(page):
    found = re.search(r'<script type="application/json" data-live>(.*?)</script>', page, re.S)
    return json.loads(found[1]) if found else None


def computed(found):
    return [one["name"] for one in found["computed"]]


def nodes(tree):
    yield tree
    for part in tree[3:]:
        yield from nodes(part)


def test_the_owner_gets_every_formula_that_the_page_can_work_out(desk):
    found = told(desk.browser("boss").get(NEW).text)
    assert {what: sorted(found[what]) for what in ("visible", "valid", "needed", "fixed", "default")} == {
        "needed": ["nick"],
        "fixed": ["rate"],
        "visible": ["guarded", "nick", "praise", "why"],
        "valid": ["checked", "due"],
        "default": ["due"],
    }
    names = computed(found)
    assert sorted(names) == ["big", "bonus", "lines_sum", "score", "sent", "total"]
    assert names.index("total") < min(names.index("big"), names.index("sent"))
    assert found["asks"] == ["name"]
    assert found["moves"] == ["city"]
    assert found["zone"] == "Asia/Shanghai"


def test_a_formula_that_names_a_field_its_reader_may_not_see_never_reaches_the_page(desk):
    offer = desk.make("offer", name="Ann", margin=777)
    seller = desk.browser("mei", "seller")
    for page in (seller.get(NEW).text, seller.get(f"/a/offers/offer/{offer}/edit").text):
        found = told(page)
        assert "total" in computed(found)
        assert "margin" not in page
        assert "777" not in page
        assert "guarded" not in found["visible"]
        assert "bonus" not in computed(found)
        assert "checked" not in found["valid"]


def test_a_published_result_decides_for_those_who_do_not_see_what_it_is_made_of(desk):
    offer = desk.make("offer", name="Ann", margin=5)
    page = desk.browser("mei", "seller").get(f"/a/offers/offer/{offer}/edit").text
    assert 'data-field="praise">' in page
    assert told(page)["facts"]["score"] == 15
    assert "margin" not in page


def test_masked_fields_and_records_out_of_reach_keep_their_formulas_on_the_server(desk):
    city = desk.make("city", name="Far", fee="8.25")
    offer = desk.make("offer", name="Ann", city=city, price=3)
    page = desk.browser("lo", "local").get(f"/a/offers/offer/{offer}/edit").text
    found = told(page)
    assert sorted(computed(found)) == ["big", "lines_sum", "total"]
    assert found["visible"].keys() == {"why", "praise"}
    assert list(found["given"].values()) == [0.0]
    assert "fee" not in page
    assert "825" not in page


def test_what_stays_on_the_server_is_asked_there(desk):
    seller = desk.browser("mei", "seller")
    answer = seller.post("/a/offers/offer/shown", data={"name": "ann"}).json
    assert answer["visible"] == {"note": True, "guarded": False}
    assert seller.post("/a/offers/offer/shown", data={"name": "bob"}).json["visible"]["note"] is False


def test_values_over_a_relation_follow_it(desk):
    city = desk.make("city", name="Near", fee="2.5")
    boss = desk.browser("boss")
    found = told(boss.get(NEW).text)
    (sent,) = [one for one in found["computed"] if one["name"] == "sent"]
    key = next(node[2] for node in nodes(sent["tree"]) if node[0] == "path")
    assert found["given"][key] is None
    assert boss.post("/a/offers/offer/shown", data={"city": str(city)}).json["given"][key] == 250


def test_the_first_state_is_drawn_by_the_server(desk):
    boss = desk.browser("boss")
    page = boss.get(f"{NEW}?price=12.5&qty=4").text
    assert re.search(r'data-field="total".*?data-worked><span class="num">¥50.00<', page, re.S)
    assert 'data-field="why" hidden' in page
    assert 'data-field="why" hidden' not in boss.get(f"{NEW}?kind=lost").text


def test_a_rule_refuses_whichever_door_the_value_comes_through(desk):
    with pytest.raises(Invalid) as refused:
        desk.make("offer", name="x", start="2026-11-20", due="2026-11-19")
    assert {name: one.code for name, one in refused.value.problems.items()} == {"due": "not_valid"}
    page = desk.browser("boss").post(NEW, data={"name": "x", "start": "2026-11-20", "due": "2026-11-19", "_key": "k"})
    assert page.status_code == 422
    assert "Due before start: choose a later day" in page.text
    offer = desk.make("offer", name="x", start="2026-11-20", due="2026-11-20")
    with pytest.raises(Invalid):
        desk.change(offer, start="2026-11-21")
    desk.change(offer, due=None)
    desk.change(offer, start="2026-11-21")


def test_an_import_leaves_out_rows_that_break_a_rule(desk):
    sheet = b"Name,Start,Due\nlate,2026-11-20,2026-11-19\nfine,2026-11-20,2026-11-21\n"
    found = upload(desk.platform, desk.boss, desk.app.form("offer"), "offers.csv", io.BytesIO(sheet))
    found.check()
    state = found.run()
    assert (state["created"], state["failed"]) == (1, 1)
    assert desk.row(1)["name"] == "fine"


def test_a_rule_that_was_broken_before_stops_no_change_elsewhere(desk):
    offer = desk.make("offer", name="x", margin=5, checked="yes")
    desk.change(offer, checked=None, margin=500)
    with pytest.raises(Invalid):
        desk.change(offer, checked="again")
    desk.change(offer, name="y")


def test_a_field_may_be_needed_or_locked_by_what_the_others_hold(desk):
    with pytest.raises(Invalid) as refused:
        desk.make("offer", name="a long name", price=300)
    assert {name: one.code for name, one in refused.value.problems.items()} == {"nick": "required"}
    offer = desk.make("offer", name="a long name", price=3, rate="5")
    with pytest.raises(Invalid):
        desk.change(offer, price=300)
    desk.change(offer, price=300, nick="long", kind="lost", why="dear", rate="50")
    assert desk.row(offer)["rate"] == 0.05
    desk.change(offer, kind="open", rate="50")
    assert desk.row(offer)["rate"] == 0.5
    page = desk.browser("boss").get(f"{NEW}?kind=lost&name=a+long+name&price=300").text
    assert 'data-field="rate" inert' in page
    assert re.search(r'for="f-nick">Short name<span class="req" aria-hidden="true">\*', page)


def test_a_rule_over_hidden_fields_says_nothing_about_them(desk):
    offer = desk.make("offer", name="x", margin=500)
    seller = desk.browser("mei", "seller")
    page = seller.post(f"/a/offers/offer/{offer}/edit", data={"name": "x", "checked": "yes", "_version": "1"})
    assert page.status_code == 422
    assert "keep the rule of the field" in page.text
    assert "margin" not in page.text


def test_conditions_at_saving_see_computed_fields_and_rows_as_they_will_be(desk):
    app = OFFERS | {"id": "sums", "forms": [{
        "id": "bill", "label": {"en": "Bill"}, "fields": [
            {"id": "lines", "type": "subform", "label": {"en": "Lines"},
             "fields": [{"id": "amount", "type": "money", "label": {"en": "Amount"}}]},
            {"id": "sum", "type": "formula", "label": {"en": "Sum"}, "formula": "SUM(lines.amount)", "result": "money"},
            {"id": "by", "type": "text", "label": {"en": "Approved by"}, "visible": "sum > 100"},
        ]}], "roles": []}  # fmt: skip
    form = desk.platform.run(SYSTEM, lambda uow: desk.platform.catalog.publish(uow, app)).form("bill")
    made = []
    for amount in (99, 101):
        given = {"lines": [{"amount": amount}], "by": "Ann"}
        made.append(desk.platform.run(desk.boss, lambda uow, g=given: submit.create_record(uow, form, g)).id)
    rows = desk.platform.look(SYSTEM, lambda look: query.many(look, form.source, made))
    assert [(row["sum"], row["by"]) for row in rows] == [(9900, None), (10100, "Ann")]
