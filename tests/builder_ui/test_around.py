"""What stands around every designer: the palette, who else is here, what is said of an edit, a lost answer."""

import re

from engines.apps.platform import SYSTEM
from engines.core.access import people


def said(answer):
    """What the page tells those who do not see it."""
    return re.search(r'hx-target="#heard"[^>]*>(.*?)</hx-partial>', answer.text, re.DOTALL)[1]


def colleague(desk, name="mei", role="owner"):
    """A second builder's window."""
    client = desk.client.application.test_client()

    def make(uow):
        people.add(uow.session, name, role)
        return people.make_link(uow.session, name)

    client.get(f"/sign-in/{desk.platform.run(SYSTEM, make)}")
    client.set_cookie("language", "en")
    return type(desk)(desk.platform, client)


def test_what_is_deleted_can_be_brought_back_from_the_notice(desk):
    answer = desk.cmd("forms", "buyer", "remove", id="field:score")
    assert 'data-undoable="Deleted: score"' in said(answer)


def test_a_move_says_the_new_place(desk):
    count = len(desk.part("forms", "buyer")["fields"])
    answer = desk.cmd("forms", "buyer", "nudge", id="field:name", by="1")
    assert said(answer) == f"name, place 2 of {count}"


def test_a_command_that_arrives_twice_is_done_once(desk):
    rev = desk.rev()
    first = desk.cmd("forms", "buyer", "add", type="text", section="rest", index=0, rev=rev, key="k1")
    again = desk.cmd("forms", "buyer", "add", type="text", section="rest", index=0, rev=rev, key="k1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert desk.draft().edits == 1
    assert 'data-test="canvas-text"' in again.text


def test_a_refused_command_may_be_sent_again_under_its_key(desk):
    assert desk.cmd("forms", "buyer", "add", type="text", section="rest", rev=99, key="k2").status_code == 409
    assert desk.cmd("forms", "buyer", "add", type="text", section="rest", key="k2").status_code == 200


def test_a_clash_says_what_the_other_one_changed(desk):
    desk.get("/forms/buyer")
    seen = desk.rev()
    mei = colleague(desk)
    mei.cmd("rules", "vip", "set", name="when", **{"p-when": "total > 6000"})
    mei.cmd("forms", "buyer", "add", type="rating", section="rest", index=0)
    late = desk.cmd("forms", "buyer", "widen", sel="field:name", width="6", rev=seen)
    assert late.status_code == 409
    told = re.findall("<li>(.*?)</li>", late.text)
    assert "mei has just changed this draft" in late.text
    assert told[0] == "Buyer: new field Rating (Rating)"
    assert told[1].startswith("Rule VIP above 5000")
    assert f'data-mine="{mei.rev()}"' in late.text


def test_people_see_each_other_and_where(desk):
    mei = colleague(desk)
    mei.post("/here", kind="forms", part="buyer", window="1")
    found = desk.post("/here", kind="forms", part="buyer", window="1").json
    assert [(one["name"], one["where"], one["same"]) for one in found["others"]] == [("mei", "Buyer", True)]
    assert desk.post("/here", kind="rules", part="vip", window="1").json["others"][0]["same"] is False
    mei.cmd("forms", "buyer", "add", type="text", section="rest")
    assert desk.post("/here", kind="forms", part="buyer", window="1").json["rev"] == mei.rev()


def test_two_windows_of_one_person_are_not_company(desk):
    desk.post("/here", kind="forms", part="buyer", window="a")
    assert desk.post("/here", kind="forms", part="sale", window="b").json["others"] == []


def test_the_palette_goes_to_parts_fields_and_commands(desk):
    found = desk.get("/find?q=scor").text
    assert "/build/shop/forms/buyer?sel=field:score" in found.replace("%3A", ":")
    assert "/build/shop/rules/vip" in desk.get("/find?q=vip").text
    assert 'data-do="undo"' in desk.get("/find?q=undo").text
    assert "/build/shop/publish" in desk.get("/find?q=publ").text
    assert "Nothing found" in desk.get("/find?q=zzzz").text
