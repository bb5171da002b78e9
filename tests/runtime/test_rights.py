"""What the guard refuses: strangers, other sites, hidden things, and routes that forgot to say what they ask for."""

import re

import pytest
from flask import Blueprint

from engines.apps.platform import SYSTEM
from engines.core.access import commands, tokens
from engines.core.kernel.work import Actor
from runtime.guard import HEADERS, right
from runtime.web import create_app

PUBLIC = {
    "/healthz",
    "/readyz",
    "/hooks/<app>/<hook>",
    "/sign-in",
    "/sign-in/<token>",
    "/invite/<token>",
    "/sign-out",
    "/language/<code>",
    "/static/v/<stamp>/<path:name>",
    "/f/<link>",
    "/f/<link>/password",
}
DATA = {"title": "a deal"}
one_store = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""For what has nothing to do with storage."""


@one_store
def test_a_route_without_a_right_does_not_start(platform):
    part = Blueprint("part", __name__)
    part.get("/bare")(lambda: "here")
    with pytest.raises(RuntimeError, match=r"part\.<lambda>"):
        create_app(platform, b"secret", [part])


def test_a_right_that_is_none_is_refused_at_once():
    with pytest.raises(ValueError, match="everybody"):
        right("everybody")


@one_store
def test_only_the_listed_routes_answer_a_stranger(site):
    rules = [rule for rule in site.web.url_map.iter_rules() if rule.endpoint != "static"]
    open_rules = {rule.rule for rule in rules if site.web.view_functions[rule.endpoint].right.name == "public"}
    assert open_rules == PUBLIC
    stranger = site.stranger()
    for rule in rules:
        if rule.rule in PUBLIC:
            continue
        path = re.sub(r"<(?:int:)?\w+>", "1", rule.rule)
        api = site.web.view_functions[rule.endpoint].right.api
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = stranger.open(path, method=method)
            told = (answer.status_code, answer.location)
            assert told == ((401, None) if api else (302, "/sign-in")), f"{method} {path}"


@one_store
@pytest.mark.parametrize("trick", ["?/healthz", ";/healthz", "?x=/sign-in", "/../healthz", "%2e%2e/healthz", "//"])
def test_the_right_is_asked_of_the_route_and_not_of_the_text_of_the_address(site, trick):
    answer = site.stranger().get("/account" + trick)
    assert answer.status_code in (302, 308, 404)
    assert "account-name" not in answer.text


@one_store
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "none"}, 302),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 302),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Referer": "http://localhost/a/shop/deal"}, 302),
        ({"Referer": "https://elsewhere.example/a/shop/deal"}, 403),
        ({"Origin": "https://elsewhere.example", "Referer": "http://localhost/a/shop/deal"}, 403),
        ({}, 403),
    ],
)
def test_what_changes_something_comes_from_our_own_pages(site, headers, status):
    browser = site.person("may", "shop:seller").silent()
    assert browser.post("/a/shop/deal/new", data=DATA, headers=headers).status_code == status
    assert browser.get("/a/shop/deal", headers=headers).status_code == 200


@one_store
@pytest.mark.parametrize("path", ["/sign-in", "/f/nothing"])
def test_who_brings_no_session_need_not_say_where_a_request_comes_from(site, path):
    answer = site.stranger().silent().post(path, data={"name": "may"})
    assert answer.status_code >= 400
    assert "不是从本站页面发出" not in answer.text


@one_store
def test_behind_a_proxy_the_public_address_is_ours_too(site):
    site.web.config["PUBLIC_URL"] = "https://crm.example/"
    browser = site.person("may", "shop:seller").silent()
    sent = browser.post("/a/shop/deal/new", data=DATA, headers={"Origin": "https://crm.example"})
    assert sent.status_code == 302


@one_store
@pytest.mark.parametrize("path", ["/sign-in", "/", "/nowhere", "/static/css/dougong.css"])
def test_every_answer_carries_the_headers(site, path):
    with site.person("owner").get(path) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "Strict-Transport-Security" not in answer.headers
    with site.stranger().get(path, base_url="https://localhost") as secure:
        assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


def test_what_is_hidden_and_what_is_missing_are_the_same_bytes(site):
    owner = site.person("owner")
    theirs = owner.post("/a/shop/deal/new", data=DATA).location
    browser = site.person("may", "shop:seller")
    mine = browser.post("/a/shop/deal/new", data=DATA).location
    assert browser.get(mine).status_code == 200
    for hidden, missing in [
        (theirs, "/a/shop/deal/999"),
        (theirs + "/edit", "/a/shop/deal/999/edit"),
        ("/a/shop/pay", "/a/shop/nothing"),
        ("/a/shop/pay/new", "/a/shop/nothing/new"),
        ("/a/shop/pay/1", "/a/nothing/pay/1"),
    ]:
        answers = [browser.get(path) for path in (hidden, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        hide = [answer.text.replace(path, "PATH") for answer, path in zip(answers, (hidden, missing), strict=True)]
        assert _without_addresses(hide[0]) == _without_addresses(hide[1])
        changed = [browser.post(path, data=DATA | {"_version": "1"}).status_code for path in (hidden, missing)]
        assert changed[0] == changed[1]


def test_an_app_without_a_role_in_it_is_not_there(site):
    nobody = site.person("may")
    assert nobody.get("/a/shop/deal").status_code == 404
    assert "open-deal" not in nobody.get("/").text
    reader = site.person("bo", "shop:reader")
    assert reader.get("/a/shop/deal").status_code == 200
    assert "open-pay" not in reader.get("/").text
    assert reader.get("/a/shop/deal/new").status_code == 403
    assert reader.post("/a/shop/deal/new", data=DATA).status_code == 403


def test_an_administrator_sees_no_data(site):
    site.person("owner").post("/a/shop/deal/new", data=DATA)
    admin = site.person("adam", ":admin")
    assert admin.get("/admin").status_code == 200
    assert admin.get("/a/shop/deal").status_code == 404
    assert admin.get("/a/shop/deal/1").status_code == 404


@one_store
@pytest.mark.parametrize("path", ["/admin", "/admin/departments", "/admin/roles", "/admin/tokens", "/admin/audit"])
def test_the_administrators_pages_are_for_administrators(site, path):
    assert site.person("may", "shop:seller").get(path).status_code == 403
    assert site.person("bo", ":builder").get(path).status_code == 403
    assert site.person("adam", ":admin").get(path).status_code == 200


@pytest.mark.parametrize(
    "revoke",
    [
        lambda uow, who: commands.suspend(uow, who),
        lambda uow, who: commands.take(uow, who, "shop", "seller"),
    ],
    ids=["suspended", "role taken"],
)
def test_a_revocation_holds_at_the_next_request(site, revoke):
    browser = site.person("may", "shop:seller")
    assert browser.get("/a/shop/deal").status_code == 200
    site.platform.run(SYSTEM, lambda uow: revoke(uow, browser.number))
    assert browser.get("/a/shop/deal").location == "/sign-in"
    assert browser.post("/a/shop/deal/new", data=DATA).location == "/sign-in"


def test_a_role_that_is_given_holds_at_the_next_request_and_keeps_the_session(site):
    browser = site.person("may")
    assert browser.get("/a/shop/deal").status_code == 404
    site.platform.run(SYSTEM, lambda uow: commands.give(uow, browser.number, "shop", "reader"))
    assert browser.get("/a/shop/deal").status_code == 200


@pytest.fixture
def api(site):
    """An application with one route of the API kind, and a token of may's."""
    part = Blueprint("tried", __name__)

    @part.get("/api/v1/<app>/<form>")
    @right("app", action="view", api=True)
    def listing(app, form):
        return {"app": app}

    site.web = create_app(site.platform, b"secret", [part])
    may = site.person("may", "shop:reader")
    made = site.platform.run(Actor(may.number, "may"), lambda uow: tokens.make(uow, may.number, ["shop:deal:view"], 30))
    return site, may, made


def test_the_api_takes_a_token_and_tells_strangers_401(api):
    site, may, made = api
    bearer = {"Authorization": f"Bearer {made}"}
    stranger = site.stranger()
    assert stranger.get("/api/v1/shop/deal").status_code == 401
    assert stranger.get("/api/v1/shop/deal", headers={"Authorization": "Bearer dg_wrong"}).status_code == 401
    assert stranger.get("/api/v1/shop/deal", headers=bearer).json == {"app": "shop"}
    assert stranger.get("/api/v1/shop/pay", headers=bearer).status_code == 404
    assert stranger.get("/a/shop/deal", headers=bearer).location == "/sign-in"
    used = site.platform.look(SYSTEM, lambda look: tokens.listed(look.session))[0]["used"]
    assert used is not None
    site.platform.run(SYSTEM, lambda uow: commands.suspend(uow, may.number))
    assert stranger.get("/api/v1/shop/deal", headers=bearer).status_code == 401


def _without_addresses(text):
    """The language link and the error's number carry the request's own address or chance."""
    return re.sub(r'(back=[^"]*|data-copy="[^"]*"|[0-9a-f]{8,})', "", text)
