"""The draft: autosaved edit by edit, undone and redone across restarts, never malformed."""

import pytest

from engines.apps import draft
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.kernel.errors import BadDefinition, NotFound
from engines.core.kernel.work import Actor

from .conftest import RATING, field

FIELDS = ["forms", "buyer", "fields"]


def ids(shop):
    return [f["id"] for f in shop.draft().definition["forms"][0]["fields"]]


def test_edits_stay_in_the_draft_and_the_live_app_is_as_it_was(shop):
    shop.edit("add", at=FIELDS, value=RATING)
    assert "rating" in ids(shop)
    assert "rating" not in shop.look(lambda look: look.apps.app("shop")).form("buyer").fields


def test_undo_and_redo_survive_a_restart(tmp_path):
    from engines.apps.catalog import App  # the shop is made by hand: this test opens the folder twice

    from .conftest import SHOP, Builder

    def opened():
        platform = open_platform(tmp_path, sync="off")
        return Builder(platform, App(1, SHOP))

    first = opened()
    first.platform.run(SYSTEM, lambda uow: first.platform.catalog.publish(uow, SHOP))
    first.edit("add", at=FIELDS, value=RATING)
    first.edit("set", at=[*FIELDS, "rating", "width"], value=6)
    first.edit("undo")
    first.platform.close()
    again = opened()
    assert (again.draft().edits, again.draft().redoable) == (1, 1)
    again.edit("redo")
    assert again.draft().definition["forms"][0]["fields"][-1] == RATING | {"width": 6}
    again.edit("undo")
    again.edit("undo")
    assert again.draft().definition == SHOP
    again.platform.close()


def test_a_new_edit_after_an_undo_takes_the_undone_one_out_of_reach(shop):
    shop.edit("set", at=[*FIELDS, "name", "width"], value=6)
    shop.edit("undo")
    shop.edit("set", at=[*FIELDS, "name", "width"], value=4)
    with pytest.raises(draft.NothingToUndo):
        shop.edit("redo")


def test_whoever_edits_an_older_state_is_told_who_was_faster(shop):
    seen = shop.edit("set", at=[*FIELDS, "name", "width"], value=6).rev
    shop.edit("set", at=[*FIELDS, "name", "width"], value=4, rev=seen)
    with pytest.raises(draft.Stale) as refused:
        shop.edit("set", at=[*FIELDS, "name", "width"], value=3, rev=seen)
    assert refused.value.details["rev"] == seen + 1
    assert shop.draft().definition["forms"][0]["fields"][0]["width"] == 4


def test_the_log_tells_who_changed_what(shop):
    number = shop.look(lambda look: people.by_name(look.session, "owner"))
    shop.platform.run(
        Actor(number, "owner"), lambda uow: draft.edit(uow, "shop", "add", {"at": FIELDS, "value": RATING})
    )
    (entry,) = shop.look(lambda look: draft.log(look, "shop"))
    assert (entry["who"], entry["op"], entry["args"]["value"]["id"]) == ("owner", "add", "rating")


@pytest.mark.parametrize(
    ("op", "args"),
    [
        ("add", {"at": FIELDS, "value": field("x", "numbr")}),
        ("add", {"at": FIELDS, "value": field("x", "text", colour="red")}),
        ("add", {"at": FIELDS, "value": {"id": "x", "type": "text"}}),
        ("set", {"at": [*FIELDS, "name", "width"], "value": 13}),
        ("set", {"at": [*FIELDS, "name", "label"], "value": None}),
        ("set", {"at": ["forms", "buyer", "layout"], "value": "none"}),
        ("set", {"at": ["rules", "vip", "kind"], "value": "sometimes"}),
        ("set", {"at": ["languages"], "value": ["fr"]}),
        ("dance", {"at": FIELDS}),
        ("move", {"at": [*FIELDS, "name"]}),
    ],
)
def test_a_draft_is_never_malformed(shop, op, args):
    with pytest.raises(BadDefinition):
        shop.edit(op, **args)
    assert shop.draft().edits == 0


def test_a_draft_may_lack_something_and_says_what(shop):
    shop.edit("add", at=FIELDS, value=field("due", "formula"))
    found = shop.draft().problems
    assert [path for path, _ in found] == ["/forms/0/fields/8"]
    assert "formula" in found[0][1]["en"]


def test_a_live_field_keeps_its_id_and_type(shop):
    for op, args in [
        ("rename", {"at": [*FIELDS, "name"], "id": "title"}),
        ("set", {"at": [*FIELDS, "name", "type"], "value": "number"}),
        ("set", {"at": [*FIELDS, "name", "id"], "value": "title"}),
        ("several", {"at": FIELDS[:2], "changes": [{"do": "set", "at": [*FIELDS, "name", "id"], "value": "title"}]}),
    ]:
        with pytest.raises(draft.Fixed):
            shop.edit(op, **args)


def test_a_new_field_may_be_renamed(shop):
    shop.edit("add", at=FIELDS, value=RATING)
    shop.edit("rename", at=[*FIELDS, "rating"], id="stars")
    assert ids(shop)[-1] == "stars"


def test_a_draft_follows_a_version_that_went_live_meanwhile(shop):
    shop.edit("add", at=FIELDS, value=RATING)
    shop.edit("set", at=["forms", "note", "fields", "title", "width"], value=6)
    without = shop.app.definition | {
        "forms": shop.app.definition["forms"][:2],
        "rules": shop.app.definition["rules"][:2],
    }
    shop.platform.run(SYSTEM, lambda uow: shop.platform.catalog.publish(uow, without))
    assert shop.draft().behind
    lost = shop.platform.run(SYSTEM, lambda uow: draft.follow(uow, "shop"))
    assert [one["args"]["at"][1] for one in lost] == ["note"]
    assert not shop.draft().behind
    assert "rating" in ids(shop)
    shop.edit("undo")
    assert shop.draft().definition == without


def test_discarding_goes_back_to_what_is_live(shop):
    rev = shop.edit("add", at=FIELDS, value=RATING).rev
    shop.platform.run(SYSTEM, lambda uow: draft.discard(uow, "shop"))
    assert shop.draft().definition == shop.app.definition
    with pytest.raises(draft.Stale):
        shop.edit("add", at=FIELDS, value=RATING, rev=rev)


def test_a_person_without_the_right_finds_no_draft(shop):
    number = shop.platform.run(SYSTEM, lambda uow: people.add(uow.session, "guest"))
    with pytest.raises(NotFound):
        shop.platform.look(Actor(number, "guest"), lambda look: draft.current(look, "shop"))


def test_an_edit_answers_with_the_draft_as_it_is_then(shop):
    shop.edit("add", at=FIELDS, value=RATING)
    shop.edit("undo")
    for op, args in [("add", {"at": FIELDS, "value": RATING}), ("remove", {"at": [*FIELDS, "name"]}), ("undo", {})]:
        told, found = shop.edit(op, **args), shop.draft()
        assert (told.rev, told.edits, told.redoable) == (found.rev, found.edits, found.redoable)
        assert told.definition == found.definition
