"""Public forms: what a stranger can do with a link, and what not; the page where links are made and closed."""

import re

import pytest

from engines.apps import links as store
from engines.apps.platform import SYSTEM
from engines.core.access import audit, links
from engines.core.kernel import clock
from engines.core.kernel.errors import BadDefinition, NotFound
from engines.core.records import history, query
from runtime.links import base

from .shop import SHOP, label

AT = "/a/shop/buyer/links"
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
PART = {
    "id": "register",
    "label": label("登记", "Register"),
    "form": "buyer",
    "kind": "submit",
    "fields": ["name", "phone"],
    "prefill": {"cost": 7, "phone": "9"},
    "channel_field": "source",
    "channels": [{"id": "live", "label": label("直播间", "Live room")}, {"id": "card", "label": label("卡", "Card")}],
    "thanks": label("券在路上", "Your voucher is on its way"),
    "open": True,
}


@pytest.fixture
def shop(shop):
    shop.app = shop.platform.run(SYSTEM, lambda uow: shop.platform.catalog.publish(uow, SHOP | {"links": [PART]}))
    return shop


@pytest.fixture
def address(shop):
    rows = shop.platform.db.read(lambda session: links.of_form(session, "shop", "buyer"))
    return f"/f/{rows[0]['id']}"


@pytest.fixture
def visitor(shop):
    client = shop.flask.test_client().silent()
    client.set_cookie("language", "zh")
    return client


@pytest.fixture
def clerk(shop):
    shop.person("clerk", "clerk")
    return shop.browser("clerk", "zh")


def buyers(shop):
    page = shop.platform.look(SYSTEM, lambda look: query.page(look, shop.app.form("buyer").source, query.Ask()))
    return page.rows


def test_an_entry_becomes_a_record_with_its_channel_and_its_cause(shop, address, visitor):
    page = visitor.get(f"{address}?c=card")
    assert page.status_code == 200
    assert 'name="name"' in page.text
    assert 'name="cost"' not in page.text
    done = visitor.post(f"{address}?c=card", data={"name": "May", "phone": "1", "cost": "99", "total": "5"})
    assert "券在路上" in done.text
    row = buyers(shop)[0]
    assert {n: row[n] for n in ("name", "phone", "source", "cost", "total")} == {
        "name": "May", "phone": "1", "source": "card", "cost": 7, "total": None,
    }  # fmt: skip
    events = shop.platform.look(SYSTEM, lambda look: history.events(look, shop.app.form("buyer").source, row["_id"]))
    assert (events[0]["cause"], f"/f/{events[0]['cause_ref']}") == ("link", address)


def test_a_problem_is_told_and_what_was_typed_stays(shop, address, visitor):
    page = visitor.post(address, data={"name": " ", "phone": "123"})
    assert page.status_code == 422
    assert "还没填" in page.text
    assert 'value="123"' in page.text
    assert buyers(shop) == []


@SQLITE
def test_a_double_press_makes_one_record(shop, address, visitor):
    for _ in range(2):
        assert visitor.post(address, data={"name": "May", "_key": "one"}).status_code == 200
    assert len(buyers(shop)) == 1
    rows = shop.platform.db.read(lambda session: links.of_form(session, "shop", "buyer"))
    assert rows[0]["used"] == 1


@SQLITE
def test_what_fills_in_the_hidden_field_is_thanked_and_forgotten(shop, address, visitor):
    assert "谢谢" in visitor.post(address, data={"name": "Bot", "website": "http://spam.example"}).text
    assert buyers(shop) == []


@SQLITE
def test_a_network_that_sends_too_much_waits(shop, address, visitor, monkeypatch):
    monkeypatch.setattr(links, "MOST", 2)
    for n in range(2):
        assert visitor.post(address, data={"name": f"b{n}"}).status_code == 200
    late = visitor.post(address, data={"name": "b3"})
    assert (late.status_code, "分钟后再试" in late.text) == (429, True)
    real = clock.wall
    monkeypatch.setattr(clock, "wall", lambda: real() + links.WINDOW + 1)
    assert visitor.post(address, data={"name": "b4"}).status_code == 200


@SQLITE
def test_a_link_opens_its_form_and_nothing_else(shop, address, visitor):
    visitor.get(address)
    for path in ("/", "/a/shop/buyer", "/a/shop/buyer/links", "/api/v1/apps", "/a/shop/buyer/1", "/files/1", "/admin"):
        assert visitor.get(path).status_code in (302, 401)
    found = shop.platform.look(SYSTEM, lambda look: store.found(look, address[3:]))
    number = shop.make("buyer", name="May")
    with pytest.raises(NotFound):
        shop.platform.look(found.actor, lambda look: query.one(look, found.form.source, number))


@SQLITE
def test_a_closed_late_used_up_or_unknown_link_all_look_the_same(shop, address, visitor):
    def page(path):
        answer = visitor.get(path)
        return answer.status_code, answer.text.replace(path, "").replace(path.replace("/", "%2F"), "")

    form = shop.app.form("buyer")
    made = [
        shop.platform.run(SYSTEM, lambda uow, more=more: store.make(uow, form, {**PART, "fields": ["name"]}, **more))
        for more in ({"most": 1}, {"days": 1}, {})
    ]
    assert visitor.post(f"/f/{made[0]}", data={"name": "May"}).status_code == 200
    past = links.public_link.update().where(links.public_link.c.id == made[1]).values(expires=1)
    shop.platform.db.write(lambda session: session.run(past))
    shop.platform.run(SYSTEM, lambda uow: store.close(uow, form, made[2]))
    pages = [page(f"/f/{one}") for one in (*made, "A" * 22)]
    assert {status for status, _ in pages} == {404}
    assert len({re.sub(r"/f/[\w-]+", "", text) for _, text in pages}) == 1
    assert visitor.post(f"/f/{made[0]}", data={"name": "Bo"}).status_code == 404
    assert len(buyers(shop)) == 1


@SQLITE
def test_a_password_opens_the_form_on_this_device(shop, visitor):
    form, kept = shop.app.form("buyer"), store.hashed("绿茶-很好喝-2026")
    link = shop.platform.run(SYSTEM, lambda uow: store.make(uow, form, {**PART}, password=kept))
    assert 'data-test="password"' in visitor.get(f"/f/{link}").text
    assert 'data-test="password"' in visitor.post(f"/f/{link}", data={"name": "May"}).text
    assert buyers(shop) == []
    assert visitor.post(f"/f/{link}/password", data={"password": "wrong"}).status_code == 403
    assert (
        visitor.post(f"/f/{link}/password?c=card", data={"password": "绿茶-很好喝-2026"}).location
        == f"/f/{link}?c=card"
    )
    assert visitor.post(f"/f/{link}", data={"name": "May"}).status_code == 200
    assert 'data-test="password"' in shop.flask.test_client().silent().get(f"/f/{link}").text


@SQLITE
def test_links_are_made_copied_printed_and_closed_on_their_page(shop, clerk, visitor):
    sent = {"label": "包裹卡", "field": ["name", "source"], "channel_field": "phone", "channels": "a 海报\nb\n\n东门"}
    assert clerk.post(AT, data=sent | {"thanks": "好"}).status_code == 302
    page = clerk.get(AT).text
    link = re.search(r'value="http://localhost/f/([\w-]{22})"', page)[1]
    assert "data:image/svg+xml" in page
    assert "手机打不开这些地址" in page
    assert "东门" in page
    png = clerk.get(f"{AT}/{link}/qr.png?c=a").data
    assert png.startswith(b"\x89PNG")
    assert clerk.get(f"{AT}/{link}/qr.png?c=nothing").status_code == 404
    lines = clerk.get(f"{AT}/{link}/channels.csv").data.decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        f'"a","海报","http://localhost/f/{link}?c=a"',
        f'"b","b","http://localhost/f/{link}?c=b"',
        f'"c3","东门","http://localhost/f/{link}?c=c3"',
    ]
    visitor.post(f"/f/{link}?c=a", data={"name": "May", "source": "live"})
    assert (buyers(shop)[0]["phone"], buyers(shop)[0]["source"]) == ("a", "live")
    clerk.post(f"{AT}/{link}/close")
    assert visitor.get(f"/f/{link}").status_code == 404
    told = [one["what"] for one in shop.platform.look(SYSTEM, lambda look: audit.entries(look.session))]
    assert told[:2] == ["link_closed", "link_opened"]


@SQLITE
@pytest.mark.parametrize(
    "sent",
    [
        {"field": []},
        {"field": ["phone"]},
        {"field": ["seller"]},
        {"field": ["first"]},
        {"field": ["name"], "password": "1"},
    ],
)
def test_a_link_that_could_not_work_is_not_made(clerk, sent):
    answer = clerk.post(AT, data=sent)
    assert (answer.status_code, 'data-test="problems"' in answer.text) == (422, True)


@SQLITE
def test_only_who_may_share_makes_links(shop, address):
    shop.person("reader", "reader")
    reader = shop.browser("reader")
    assert reader.get(AT).status_code == 403
    assert reader.post(AT, data={"field": ["name"]}).status_code == 403
    assert reader.post(f"{AT}/{address[3:]}/close").status_code == 403
    shop.person("other", "clerk")
    assert shop.browser("other").post(f"/a/shop/sale/links/{address[3:]}/close").status_code == 404


@SQLITE
def test_an_apps_own_link_follows_its_definition_and_stays_closed_once_closed(shop, address, visitor, clerk):
    wider = {**PART, "fields": ["name", "phone", "born"]}
    publish = lambda links: shop.platform.run(  # noqa: E731  short
        SYSTEM, lambda uow: shop.platform.catalog.publish(uow, SHOP | {"links": links})
    )
    publish([wider])
    assert 'name="born"' in visitor.get(address).text
    clerk.post(f"{AT}/{address[3:]}/close")
    publish([wider])
    assert visitor.get(address).status_code == 404
    clerk.post(AT, data={"part": "register"})
    page = clerk.get(AT).text
    assert 'data-state="open"' in page
    assert address not in page.split('data-state="closed"')[0]
    publish([wider | {"enabled": False}])
    page = clerk.get(AT).text
    assert 'data-state="off"' in page
    assert 'data-state="open"' not in page
    publish([])
    assert 'data-state="open"' not in clerk.get(AT).text


@SQLITE
def test_a_link_that_an_import_did_not_switch_on_is_not_open(shop):
    late = {**PART, "id": "late", "enabled": False}
    shop.platform.run(SYSTEM, lambda uow: shop.platform.catalog.publish(uow, SHOP | {"links": [PART, late]}))
    rows = shop.platform.db.read(lambda session: links.of_form(session, "shop", "buyer"))
    assert [row["part"] for row in rows] == ["register"]


@SQLITE
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"form": "nothing"}, "/links/0/form"),
        ({"fields": ["name", "nothing"]}, "/links/0/fields/1"),
        ({"fields": ["name", "seller"]}, "/links/0/fields/1"),
        ({"fields": ["phone"]}, "/links/0/fields"),
        ({"prefill": {"cost": "much"}}, "/links/0/prefill/cost"),
        ({"channel_field": "total"}, "/links/0/channel_field"),
        ({"kind": "view"}, "/links/0/kind"),
    ],
)
def test_a_definition_that_does_not_fit_is_refused_with_its_place(shop, change, path):
    with pytest.raises(BadDefinition) as refused:
        shop.platform.run(SYSTEM, lambda uow: shop.platform.catalog.publish(uow, SHOP | {"links": [PART | change]}))
    assert path in [one for one, _ in refused.value.problems]


@SQLITE
def test_codes_carry_the_public_address_and_the_lan_one(shop, clerk, address, monkeypatch):
    monkeypatch.setattr(base, "lan", lambda: "192.168.1.20")
    shop.flask.config["LAN"] = True
    assert f"http://192.168.1.20{address}" in clerk.get(AT, base_url="http://localhost").text
    page = clerk.get(AT, base_url="http://localhost:8000").text
    assert f"http://192.168.1.20:8000{address}" in page
    assert 'data-test="loopback"' not in page
    shop.flask.config["PUBLIC_URL"] = "https://crm.example/"
    assert f"https://crm.example{address}" in clerk.get(AT).text


@SQLITE
def test_a_channel_may_name_a_related_record(shop, visitor):
    sale = {"id": "sold", "label": label("x", "x"), "form": "sale", "fields": ["no"], "channel_field": "buyer",
            "channels": [{"id": "p1", "label": label("甲", "A")}], "open": True}  # fmt: skip
    shop.platform.run(SYSTEM, lambda uow: shop.platform.catalog.publish(uow, SHOP | {"links": [sale]}))
    number = shop.make("buyer", name="甲", phone="p1")
    link = shop.platform.db.read(lambda session: links.of_form(session, "shop", "sale"))[0]["id"]
    visitor.post(f"/f/{link}?c=p1", data={"no": "1"})
    visitor.post(f"/f/{link}?c=other", data={"no": "2"})
    page = shop.platform.look(SYSTEM, lambda look: query.page(look, shop.app.form("sale").source, query.Ask()))
    assert {row["no"]: row["buyer"] for row in page.rows} == {"1": number, "2": None}


@SQLITE
def test_without_a_list_the_related_records_are_the_channels(shop, visitor, clerk):
    sale = {"id": "sold", "label": label("x", "x"), "form": "sale", "fields": ["no"], "channel_field": "buyer",
            "open": True}  # fmt: skip
    shop.platform.run(SYSTEM, lambda uow: shop.platform.catalog.publish(uow, SHOP | {"links": [sale]}))
    number = shop.make("buyer", name="东门", phone="east")
    shop.make("buyer", name="没有码")
    link = shop.platform.db.read(lambda session: links.of_form(session, "shop", "sale"))[0]["id"]
    lines = clerk.get(f"/a/shop/sale/links/{link}/channels.csv").data.decode("utf-8-sig").splitlines()
    assert lines[1:] == [f'"east","东门","http://localhost/f/{link}?c=east"']
    assert clerk.get(f"/a/shop/sale/links/{link}/qr.png?c=east").data.startswith(b"\x89PNG")
    visitor.post(f"/f/{link}?c=east", data={"no": "1"})
    visitor.post(f"/f/{link}?c=west", data={"no": "2"})
    page = shop.platform.look(SYSTEM, lambda look: query.page(look, shop.app.form("sale").source, query.Ask()))
    assert {row["no"]: row["buyer"] for row in page.rows} == {"1": number, "2": None}
