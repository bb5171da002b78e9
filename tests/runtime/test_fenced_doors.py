"""Every door tells a writer the same of a record that would lie outside the own rows, and writes nothing."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import tokens
from engines.core.kernel.work import Actor
from engines.core.records import query

from .conftest import Site
from .shop import options, words

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
WRITE = ["view", "create", "edit", "import"]
APP = {
    "id": "shop",
    "version": "1.0.0",
    "name": words("小店", "Shop"),
    "languages": ["zh", "en"],
    "zone": "UTC",
    "forms": [{"id": "deal", "label": words("商机", "Deals"), "fields": [
        {"id": "title", "type": "text", "label": words("名称", "Title")},
        {"id": "owner", "type": "person", "label": words("负责人", "Owner")},
        {"id": "stage", "type": "select", "label": words("阶段", "Stage"),
         "options": options(("new", "新", "New"), ("won", "赢了", "Won"))},
        {"id": "limit", "type": "number", "label": words("额度", "Limit")},
    ]}],
    "roles": [
        {"id": "seller", "label": words("销售", "Seller"),
         "forms": {"deal": {"actions": WRITE, "rows": "own", "own_by": ["owner"]}}},
        {"id": "opener", "label": words("开单", "Opener"),
         "forms": {"deal": {"actions": WRITE, "rows": {"formula": "stage = \"new\""}}}},
        {"id": "giver", "label": words("转出", "Giver"),
         "forms": {"deal": {"actions": WRITE, "rows": "own", "own_by": ["owner"], "hand_over": True}}},
        {"id": "blind", "label": words("盲", "Blind"),
         "forms": {"deal": {"actions": WRITE, "rows": {"formula": "limit < 5"}, "fields": {"limit": "hidden"}}}},
    ],
}  # fmt: skip
AT = "/a/shop/deal"
YOURS = {"en": "choose yourself", "zh": "选你自己"}


def english(browser):
    browser.set_cookie("language", "en")
    return browser


@pytest.fixture
def site(platform):
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    return Site(platform)


@pytest.fixture
def may(site):
    """A seller with one deal."""
    browser = english(site.person("may", "shop:seller"))
    browser.eve = site.ensure("eve")
    assert browser.post(f"{AT}/new", data={"title": "mine"}).status_code == 302
    return browser


def deals(site):
    """(title, owner, stage) of all there are."""
    form = site.platform.look(SYSTEM, lambda look: look.apps.form("shop", "deal"))
    rows = site.platform.look(SYSTEM, lambda look: query.page(look, form.source, query.Ask())).rows
    return {(row["title"], row["owner"], row["stage"]) for row in rows}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_tells_it_at_the_field_and_keeps_what_was_typed(site, may, language):
    may.set_cookie("language", language)
    for path, more in ((f"{AT}/new", {}), (f"{AT}/1/edit", {"_version": "1"})):
        answer = may.post(path, data={"title": "theirs", "owner": str(may.eve)} | more)
        assert answer.status_code == 422
        assert YOURS[language] in answer.text
        assert "theirs" in answer.text
    assert deals(site) == {("mine", may.number, None)}


def test_a_cell_and_many_at_once_are_no_way_round(site, may):
    answer = may.post(f"{AT}/1/cell/owner", data={"owner": str(may.eve), "_version": "1"})
    assert (answer.status_code, YOURS["en"] in answer.text) == (422, True)
    may.post(f"{AT}/bulk", data={"ids": "1", "do": "set", "field": "owner", "owner": str(may.eve)})
    assert YOURS["en"] in may.get(AT).text
    assert deals(site) == {("mine", may.number, None)}


def test_a_card_is_not_moved_out_of_reach(site):
    opener = english(site.person("bo", "shop:opener"))
    assert opener.post(f"{AT}/new", data={"title": "x", "stage": "new"}).status_code == 302
    moved = {"field": "stage", "value": "won", "version": "1"}
    answer = opener.post(f"{AT}/1/move", data=moved, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Stage: The record would lie outside" in answer.json["message"]
    assert deals(site) == {("x", None, "new")}


def test_what_the_writer_cannot_see_is_told_without_its_name(site):
    blind = english(site.person("bo", "shop:blind"))
    answer = blind.post(f"{AT}/new", data={"title": "x"})
    assert answer.status_code == 422
    assert "The record would lie outside" in answer.text
    assert "Limit" not in answer.text


def test_the_api_names_the_field_and_all_or_none_is_written(site, may):
    made = site.platform.run(Actor(may.number, "may"), lambda uow: tokens.make(uow, may.number, ["shop:*:*"], 30))
    headers = {"Authorization": f"Bearer {made}"}
    records, client = "/api/v1/apps/shop/forms/deal/records", site.stranger().silent()
    given = {"records": [{"title": "a"}, {"title": "b", "owner": may.eve}]}
    answer = client.post(records, json=given, headers=headers)
    assert answer.status_code == 422
    assert [(one["record"], one["field"], one["code"]) for one in answer.json["errors"]] == [
        (1, "owner", "outside_own")
    ]
    assert client.patch(f"{records}/1", json={"owner": may.eve}, headers=headers).status_code == 422
    assert (
        client.put(f"{records}?key=title", json={"title": "mine", "owner": may.eve}, headers=headers).status_code == 422
    )
    assert deals(site) == {("mine", may.number, None)}


def test_who_gives_a_record_away_is_led_back_to_the_list(site):
    giver, eve = english(site.person("bo", "shop:giver")), site.ensure("eve")
    for _ in range(2):
        giver.post(f"{AT}/new", data={"title": "mine"})
    sent = giver.post(f"{AT}/1/edit", data={"title": "theirs", "owner": str(eve), "_version": "1"})
    assert (sent.status_code, sent.location) == (302, AT)
    cell = giver.post(f"{AT}/2/cell/owner", data={"owner": str(eve), "_version": "1"})
    assert (cell.status_code, cell.text) == (200, "")
    assert {owner for _, owner, _ in deals(site)} == {eve}
