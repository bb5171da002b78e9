"""Notices behind the bell."""

from engines.core.messages import notices

from ..flow.conftest import house, label

__all__ = ["house"]


def test_notices_are_counted_until_they_are_read(house):
    house.run(lambda uow: notices.tell(uow, [house.ann, house.bob, house.ann, 0], label("a")))
    house.run(lambda uow: notices.tell(uow, [house.ann], label("b"), kind="remind"))
    assert house.look(lambda look: notices.unread(look, house.ann)) == 2
    shown = house.look(lambda look: notices.listed(look, house.ann))
    assert [(one["text"]["zh"], one["kind"], one["read_at"]) for one in shown] == [
        ("b", "remind", None),
        ("a", "note", None),
    ]
    assert house.look(lambda look: notices.listed(look, house.ann, before=shown[0]["id"])) == shown[1:]
    assert house.run(lambda uow: notices.mark_read(uow, house.ann, until=shown[1]["id"])) == 1
    assert house.look(lambda look: notices.unread(look, house.ann)) == 1
    assert house.run(lambda uow: notices.mark_read(uow, house.ann)) == 1
    assert house.look(lambda look: notices.unread(look, house.bob)) == 1
