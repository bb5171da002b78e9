"""The door: links, invitations, passwords, sessions, and what each refuses."""

import re

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import people

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # storage is tested below the pages

GOOD = "four quiet wooden boats"


def link(site, name, purpose="sign_in"):
    return site.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name, purpose))


def test_a_look_at_the_link_does_not_spend_it(site):
    token = link(site, "owner")
    browser = site.stranger()
    assert browser.head(f"/sign-in/{token}").status_code == 200
    assert browser.get(f"/sign-in/{token}").location == "/"
    assert site.stranger().get(f"/sign-in/{token}").status_code == 410


def test_the_cookie_is_for_our_own_pages_only(site):
    answer = site.stranger().get(f"/sign-in/{link(site, 'owner')}")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = site.stranger().get(f"/sign-in/{link(site, 'owner')}", base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]


def test_an_invitation_is_looked_at_then_accepted_with_a_password(site):
    site.ensure("may")
    token = link(site, "may", "invite")
    browser = site.stranger()
    assert "may" in browser.get(f"/invite/{token}").text
    weak = browser.post(f"/invite/{token}", data={"password": "short"})
    assert (weak.status_code, "8 到 200" in weak.text) == (422, True)
    assert browser.post(f"/invite/{token}", data={"password": GOOD}).location == "/"
    assert browser.get("/account").status_code == 200
    assert site.stranger().get(f"/invite/{token}").status_code == 410
    later = site.stranger()
    assert later.post("/sign-in", data={"name": "may", "password": GOOD}).location == "/"
    assert later.get("/account").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(site):
    browser = site.person("may")
    browser.post("/account/password", data={"new": GOOD})
    answers = []
    for name in ("may", "nobody"):
        answer = site.stranger().post("/sign-in", data={"name": name, "password": "wrong"})
        answers.append((answer.status_code, answer.text.replace(name, "NAME")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403


def test_the_sixth_try_is_told_how_long_to_wait(site):
    tries = [site.stranger().post("/sign-in", data={"name": "owner", "password": "x"}) for _ in range(6)]
    assert [answer.status_code for answer in tries] == [403] * 5 + [429]
    assert 0 < int(tries[-1].headers["Retry-After"]) <= 900
    assert "分钟" in tries[-1].text


def test_a_new_password_asks_for_the_old_one_and_signs_out_elsewhere(site):
    here, there = site.person("may"), site.person("may")
    assert here.post("/account/password", data={"new": GOOD}).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").location == "/sign-in"
    refused = here.post("/account/password", data={"old": "wrong", "new": GOOD + "s"})
    assert (refused.status_code, "现在的密码不对" in refused.text) == (422, True)
    assert here.post("/account/password", data={"old": GOOD, "new": GOOD + "s"}).status_code == 302


def test_signing_out_elsewhere_leaves_this_browser(site):
    here, there = site.person("may"), site.person("may")
    assert here.get("/account").text.count('data-test="session"') == 2
    here.post("/account/sessions/end")
    assert here.get("/account").text.count('data-test="session"') == 1
    assert there.get("/").location == "/sign-in"


def test_signing_out_ends_the_session_on_the_server(site):
    browser = site.person("may")
    token = browser.get_cookie("dougong").value
    browser.post("/sign-out")
    browser.set_cookie("dougong", token)
    assert browser.get("/account").location == "/sign-in"


def test_the_language_of_the_account_is_spoken_in_another_browser(site):
    site.person("may").post("/account", data={"display": "May 🌸", "language": "en"})
    assert "Sign out" in site.person("may").get("/account", headers={"Accept-Language": "zh"}).text


def test_an_api_token_is_shown_once(site):
    browser = site.person("may", "shop:reader")
    page = browser.post("/account/tokens", data={"scopes": "shop:deal:view", "days": "30"})
    made = re.search(r'data-test="token-made">(dg_[\w-]+)<', page.text)[1]
    assert made not in browser.get("/account").text
    assert made[:7] in browser.get("/account").text
    bad = browser.post("/account/tokens", data={"scopes": "everything", "days": "30"})
    assert (bad.status_code, "应用:表单:动作" in bad.text) == (422, True)


@pytest.mark.parametrize("path", ["/sign-in/wrong", "/invite/wrong"])
def test_a_made_up_link_opens_nothing(site, path):
    assert site.stranger().get(path).status_code == 410
