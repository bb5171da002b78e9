"""Inbound webhooks: a signature or a token opens them, the same call twice counts once, all else finds nothing."""

import json

import pytest

from engines.apps.platform import SYSTEM
from engines.core.kernel import clock
from engines.core.messages.channels.webhook import signature
from engines.core.records import query
from engines.flow import inbox

from .shop import SHOP, label

CALLED = {
    "id": "called",
    "label": label("下单", "Ordered"),
    "form": "sale",
    "trigger": {
        "type": "webhook",
        "hook": "orders",
        "secret": "secret:shop",
        "values": [{"field": "no", "path": "order.no"}, {"field": "amount", "path": "order.total"}],
    },
    "nodes": [
        {"id": "check", "type": "handle", "label": label("核对", "Check"), "assign": [{"role": "clerk"}],
         "claim": "queue", "title": label("核对 {{no}}", "Check {{no}}")},
        {"id": "end", "type": "end", "label": label("完", "End")},
    ],
    "edges": [{"id": "a", "from": "start", "to": "check"}, {"id": "b", "from": "check", "to": "end"}],
}  # fmt: skip
BODY = json.dumps({"order": {"no": "A-1", "total": 12.5}}).encode()
AT = "/hooks/shop/orders"


@pytest.fixture
def shop(shop, platform, monkeypatch):
    object.__setattr__(platform.settings, "secrets", {"shop": "tea"})
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP | {"flows": [CALLED]}))
    shop.person("chen", "clerk")
    return shop


def signed(body=BODY, by="tea"):
    return {"X-Dougong-Signature": signature(by, body, clock.wall() // 1_000_000)}


def sales(shop):
    source = shop.app.form("sale").source
    return shop.platform.look(SYSTEM, lambda look: query.page(look, source, query.Ask()).rows)


def test_a_signed_call_becomes_a_record_and_starts_the_flow_once(shop):
    client = shop.flask.test_client().silent()
    first = client.post(AT, data=BODY, headers=signed())
    assert first.status_code == 202
    assert client.post(AT, data=BODY, headers=signed()).json == first.json
    assert [(row["no"], row["amount"]) for row in sales(shop)] == [("A-1", 1250)]
    runs = shop.platform.look(SYSTEM, lambda look: inbox.runs(look, "shop", flow="called"))
    assert [run["id"] for run in runs] == [first.json["instance"]]
    again = client.post(AT, data=BODY, headers=signed() | {"Idempotency-Key": "second"})
    assert again.json["record"] != first.json["record"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_signature_or_token_there_is_nothing_to_find(shop):
    client = shop.flask.test_client().silent()
    wrong = [
        client.post(AT, data=BODY),
        client.post(AT, data=BODY, headers=signed(by="coffee")),
        client.post(AT, data=BODY + b" ", headers=signed()),
        client.post("/hooks/shop/nothing", data=BODY, headers=signed()),
        client.post("/hooks/nowhere/orders", data=BODY),
    ]
    assert {(one.status_code, one.text) for one in wrong} == {(404, wrong[0].text)}
    assert sales(shop) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_token_that_may_create_opens_it_too(shop):
    may = shop.caller("clara", "clerk", scopes=("shop:sale:create",))
    not_ = shop.caller("vera", "clerk", scopes=("shop:sale:view",))
    for caller, status in ((not_, 404), (may, 202)):
        headers = {"Authorization": f"Bearer {caller.token}"}
        assert shop.flask.test_client().silent().post(AT, data=BODY, headers=headers).status_code == status


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_body_that_does_not_fit_is_told(shop):
    client = shop.flask.test_client().silent()
    for body, status, code in ((b"{", 400, "bad_request"), (b'{"order": {}}', 400, "bad_hook")):
        answer = client.post(AT, data=body, headers=signed(body))
        assert (answer.status_code, answer.json["code"]) == (status, code)
    much = json.dumps({"order": {"no": "A", "total": "much"}}).encode()
    answer = client.post(AT, data=much, headers=signed(much) | {"Accept-Language": "zh"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "amount")
