"""The menu of an app and its texts in both languages: ordered, hidden, named, filled in, and all of it undoable."""

import pytest

from builder_ui.apps.menu import whole


def entries(desk):
    groups = whole(desk.draft().definition)
    return [[next(iter(item.values())) for item in one["items"]] for one in groups]


def menu(desk, op, **sent):
    return desk.post("/menu/cmd", op=op, **({"rev": desk.rev()} | sent))


def test_the_menu_starts_with_all_forms_in_one_group(desk):
    assert entries(desk)[0] == ["buyer", "sale", "note"]
    assert 'data-test="entry-buyer"' in desk.get("/menu").text


def test_entries_are_moved_hidden_and_put_into_groups(desk):
    menu(desk, "nudge", id="form:note", by="-1")
    assert entries(desk)[0] == ["buyer", "note", "sale"]
    menu(desk, "add_group")
    menu(desk, "name", n="1", text="Papers")
    menu(desk, "move", id="form:note", to="1", index="0")
    assert entries(desk)[:2] == [["buyer", "sale"], ["note"]]
    menu(desk, "nudge", id="form:sale", by="1")
    assert entries(desk)[:2] == [["buyer"], ["sale", "note"]]
    menu(desk, "hide", id="form:note")
    assert desk.draft().definition["menu"][1]["items"][1] == {"form": "note", "hidden": True}
    menu(desk, "move_group", n="1", index="0")
    assert entries(desk)[0] == ["sale", "note"]
    menu(desk, "drop_group", n="0")
    assert entries(desk)[0] == ["buyer", "sale", "note"]
    assert desk.draft().problems == []
    for _ in range(8):
        menu(desk, "undo")
    assert desk.draft().definition == desk.draft().live.definition


def test_people_get_the_menu_as_it_was_published(desk):
    menu(desk, "nudge", id="form:note", by="-1")
    menu(desk, "hide", id="form:sale")
    desk.post("/publish", rev=desk.rev())
    page = desk.client.get("/a/shop/buyer").text
    assert page.index('data-test="nav-buyer"') < page.index('data-test="nav-note"')
    assert 'data-test="nav-sale"' not in page
    assert desk.client.get("/a/shop/sale").status_code == 200
    assert "/a/shop/sale" in desk.client.get("/search?q=order", headers={"HX-Request": "true"}).text


@pytest.mark.parametrize(
    ("op", "sent"),
    [("move", {"id": "form:gone"}), ("name", {"n": "9"}), ("dance", {}), ("hide", {"id": ""})],
)
def test_a_command_that_makes_no_sense_changes_nothing(desk, op, sent):
    assert menu(desk, op, **sent).status_code == 404
    assert desk.draft().edits == 0


def test_a_menu_that_somebody_else_changed_says_so(desk):
    seen = desk.rev()
    menu(desk, "add_group")
    menu(desk, "name", n="1", text="x")
    assert menu(desk, "hide", id="form:sale", rev=seen).status_code == 409


def test_what_lacks_a_language_is_marked_and_filled_in(desk):
    desk.cmd("forms", "buyer", "set", sel="field:name", name="label", **{"p-label.en": "Name"})
    page = desk.get("/texts?of=forms/buyer&missing=1").text
    assert "1 missing" in page
    assert 'data-test="text-zh-forms-buyer-fields-name-label"' in page
    assert 'data-test="text-zh-forms-buyer-fields-tags-label"' not in page
    answer = desk.post("/texts/cmd?of=forms/buyer", op="say", at="forms/buyer/fields/name/label", language="zh",
                       text="姓名", rev=desk.rev())  # fmt: skip
    assert "Nothing is missing" in answer.text
    assert desk.field("buyer", "name")["label"] == {"zh": "姓名", "en": "Name"}


def test_texts_of_every_part_are_there_options_and_roles_too(desk):
    page = desk.get("/texts?of=forms/buyer").text
    assert 'data-test="text-en-forms-buyer-fields-tier-options-gold-label"' in page
    assert 'data-test="of-rules-vip"' in page
    assert desk.get("/texts?of=rules/vip").status_code == 200
    assert desk.get("/texts?of=nothing/at/all").status_code == 200


def test_only_texts_can_be_written_there(desk):
    for at, language in (("forms/buyer/fields/name", "zh"), ("forms/buyer/fields/name/label", "fr"), ("x/y", "zh")):
        answer = desk.post("/texts/cmd", op="say", at=at, language=language, text="x", rev=desk.rev())
        assert answer.status_code in (404, 422)
    assert desk.draft().edits == 0
