"""The preview of a form: as anybody would get it, from the draft, with nothing read or kept."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import commands, people


@pytest.fixture
def seller(desk):
    """A role that sees sales, fills in all but the date, and never sees the amount; mei has it."""
    desk.post("/roles/new")
    for action in ("create", "edit"):
        desk.cmd("roles", "role", "toggle", form="sale", action=action)
    desk.cmd("roles", "role", "field", form="sale", field="amount", level="hidden")
    desk.cmd("roles", "role", "field", form="sale", field="at", level="read")
    desk.post("/publish", rev=desk.rev())

    def make(uow):
        people.add(uow.session, "mei", "member")
        number = people.by_name(uow.session, "mei")
        commands.give(uow, number, "shop", "role")
        return number

    return desk.platform.run(SYSTEM, make)


def test_it_shows_what_is_in_the_draft_and_may_stand_in_our_own_frame(desk):
    desk.cmd("forms", "sale", "add", type="rating", section="rest")
    answer = desk.get("/forms/sale/preview")
    assert 'data-field="rating"' in answer.text
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert desk.get("/forms/sale").headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("eyes", ["role:role", "person:{n}"])
def test_a_role_or_a_person_sees_their_own_fields(desk, seller, eyes):
    page = desk.get(f"/forms/sale/preview?as={eyes.format(n=seller)}").text
    assert 'data-field="status"' in page
    assert 'data-field="amount"' not in page
    assert 'name="at"' not in page
    assert 'data-field="at"' in page


def test_a_role_without_rights_is_told_that_it_sees_nothing(desk, seller):
    desk.post("/roles/new")
    desk.cmd("roles", "role_2", "toggle", form="*", action="view")
    assert 'data-test="may-not"' in desk.get("/forms/buyer/preview?as=role:role_2").text
    assert desk.get("/forms/buyer/preview?as=role:nobody").status_code == 404
    assert desk.get("/forms/buyer/preview?as=person:x").status_code == 404


def test_trying_to_save_says_what_is_wrong_and_keeps_nothing(desk):
    refused = desk.post("/forms/buyer/preview", name="", seen="tomorrow")
    assert "2 things to mend" in refused.text
    assert 'value="tomorrow"' in refused.text
    assert "It would be saved" in desk.post("/forms/buyer/preview", name="Ann").text
    assert "Ann" not in desk.client.get("/a/shop/buyer").text


def test_a_condition_of_the_draft_hides_a_field_while_one_types(desk):
    desk.cmd("forms", "buyer", "set", sel="field:seen", name="visible", **{"p-visible": 'tier = "gold"'})
    page = desk.get("/forms/buyer/preview").text
    assert 'data-field="seen" hidden' in page
    tree = '["=", "boolean", null, ["field", "choice", "tier"], ["const", "choice", "gold"]]'
    assert '"visible": {"seen": {"tree": ' + tree in page


def test_a_condition_that_only_the_server_can_tell_is_asked_of_the_draft(desk):
    desk.cmd("forms", "buyer", "set", sel="field:seen", name="visible", **{"p-visible": 'PROPER(name) = "Ann"'})
    assert desk.post("/forms/buyer/preview/shown", name="bob").json["visible"] == {"seen": False}
    assert desk.post("/forms/buyer/preview/shown", name="ann").json["visible"] == {"seen": True}


def test_the_frame_lists_roles_and_those_who_have_them(desk, seller):
    page = desk.get("/forms/sale/previewing").text
    assert 'value="role:role"' in page
    assert f'value="person:{seller}">mei' in page
