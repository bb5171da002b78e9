"""What administrators do on their pages, and the owner's look through somebody else's eyes."""

import re

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import audit, departments, people
from runtime.account import enable_personas

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # storage is tested below the pages


def who(site, name):
    found = site.platform.look(SYSTEM, lambda look: people.everyone(look.session))
    return next(one for one in found if one["name"] == name)


def deeds(site):
    return [one["what"] for one in site.platform.look(SYSTEM, lambda look: audit.entries(look.session))]


@pytest.fixture
def admin(site):
    return site.person("adam", ":admin")


def test_somebody_is_invited_with_department_and_role_and_comes_in(site, admin):
    admin.post("/admin/departments", data={"name": "Sales", "parent": ""})
    (place,) = site.platform.look(SYSTEM, lambda look: departments.all_of(look.session))
    sent = {"name": "kai", "display": "小凯", "department": place["id"], "role": "member", "roles": "shop:seller"}
    page = admin.post("/admin/people", data=sent)
    path = re.search(r'value="http://localhost(/invite/[\w-]+)"', page.text)[1]
    assert "data:image/svg+xml" in page.text
    kai = who(site, "kai")
    assert (kai["roles"], kai["departments"]) == ([("", "member"), ("shop", "seller")], [place["id"]])
    browser = site.stranger()
    assert "小凯" in browser.get(path).text
    browser.post(path)
    assert browser.get("/a/shop/deal").status_code == 200
    assert "小凯" in admin.get("/admin").text


def test_a_link_carries_the_public_address_and_never_the_host_header(site, admin):
    site.web.config["PUBLIC_URL"] = "https://crm.example"
    site.ensure("may")
    page = admin.post(f"/admin/people/{who(site, 'may')['id']}/link", headers={"Host": "evil.example"})
    assert page.status_code in (200, 302)
    page = admin.post(f"/admin/people/{who(site, 'may')['id']}/link")
    assert 'value="https://crm.example/invite/' in page.text


def test_a_name_that_is_taken_is_told_and_what_was_typed_is_kept(site, admin):
    page = admin.post("/admin/people", data={"name": "owner", "display": "Second"})
    assert page.status_code == 422
    assert "已经有人叫「owner」" in page.text
    assert 'value="Second"' in page.text


def test_roles_are_given_and_taken_with_one_click(site, admin):
    number = site.ensure("may")
    at = f"/admin/people/{number}"
    assert admin.post(f"{at}/role", data={"do": "give", "role": "shop:reader"}).location == at
    assert ("shop", "reader") in who(site, "may")["roles"]
    assert 'aria-pressed="true" data-test="role-shop-reader"' in admin.get(at).text
    admin.post(f"{at}/role", data={"do": "take", "role": "shop:reader"})
    assert ("shop", "reader") not in who(site, "may")["roles"]
    assert admin.post(f"{at}/role", data={"do": "give", "role": "shop:king"}).status_code == 404


def test_an_administrator_cannot_make_an_owner_here(site, admin):
    number = site.ensure("may")
    page = admin.post(f"/admin/people/{number}/role", data={"do": "give", "role": ":owner"})
    assert (page.status_code, who(site, "may")["role"]) == (422, "member")
    page = admin.post(f"/admin/people/{who(site, 'owner')['id']}/link")
    assert page.status_code == 422


def test_suspending_and_opening_again(site, admin):
    may = site.person("may")
    admin.post(f"/admin/people/{may.number}/state", data={"do": "suspend"})
    assert who(site, "may")["state"] == "suspended"
    assert may.get("/").location == "/sign-in"
    assert "suspended" in admin.get(f"/admin/people/{may.number}").text
    admin.post(f"/admin/people/{may.number}/state", data={"do": "resume"})
    assert who(site, "may")["state"] == "active"


def test_departments_get_heads_and_move_but_not_into_themselves(site, admin):
    for name, parent in (("North", ""), ("Street", 1)):
        admin.post("/admin/departments", data={"name": name, "parent": parent})
    may = site.ensure("may")
    admin.post("/admin/departments/2", data={"name": "Street", "parent": 1, "head": may})
    assert "may" in admin.get("/admin/departments").text
    wrong = admin.post("/admin/departments/1", data={"name": "North", "parent": 2})
    assert (wrong.status_code, "自己的下级" in wrong.text) == (422, True)
    full = admin.post("/admin/departments/1/remove")
    assert (full.status_code, "1 个下级部门" in full.text) == (422, True)


def test_the_matrix_shows_what_a_role_may(site, admin):
    site.person("may", "shop:seller")
    page = admin.get("/admin/roles")
    assert "Seller" in page.text
    assert "may" in page.text


def test_tokens_are_listed_and_taken_back(site, admin):
    may = site.person("may", "shop:reader")
    may.post("/account/tokens", data={"scopes": "shop:deal:view", "days": "30", "label": "till"})
    assert "till" in admin.get("/admin/tokens").text
    admin.post("/admin/tokens/1/revoke")
    assert "revoke-1" not in admin.get("/admin/tokens").text


def test_the_audit_page_names_who_did_what(site, admin):
    number = site.ensure("may")
    admin.post(f"/admin/people/{number}/role", data={"do": "give", "role": "shop:reader"})
    admin.post(f"/admin/people/{admin.number}/role", data={"do": "give", "role": "shop:reader"})
    page = admin.get("/admin/audit").text
    assert 'data-test="audit-role_given"' in page
    assert 'data-test="audit-data_right_taken"' in page


def test_only_the_owner_opens_the_workspace_as_a_persona_and_it_is_on_record(site):
    site.person("may", "shop:seller").post("/a/shop/deal/new", data={"title": "mine"})
    may = who(site, "may")["id"]
    owner = site.person("owner")
    assert owner.post(f"/act-as/{may}").status_code == 404
    enable_personas(site.web, lambda look: [{"person": may, "label": {"en": "the seller", "zh": "主播"}}])
    assert site.person("bo", ":admin").post(f"/act-as/{may}").status_code == 404
    assert owner.post(f"/act-as/{may}").location == "/"
    assert owner.get("/admin").status_code == 403
    assert owner.get("/a/shop/deal/1").status_code == 200
    assert owner.post("/account/password", data={"new": "four quiet wooden boats"}).status_code == 403
    assert owner.post("/act-as/0").location == "/"
    assert owner.get("/admin").status_code == 200
    assert deeds(site)[:2] == ["opened_as_ended", "opened_as"]


@pytest.mark.parametrize("path", ["", "/departments", "/roles", "/tokens", "/audit"])
def test_every_page_speaks_both_languages(site, admin, path):
    admin.get("/language/zh")
    assert "管理" in admin.get("/admin" + path).text
    admin.get("/language/en")
    assert "Administration" in admin.get("/admin" + path).text
