"""Tiles make room for each other and close up, whatever is done to them."""

import random

from engines.report.grid import COLUMNS, fitted, placed, room, settled


def tiles(**boxes):
    return [{"id": name, "report": "r", "at": list(box)} for name, box in boxes.items()]


def where(widgets):
    return {one["id"]: tuple(one["at"]) for one in widgets}


def overlaps(widgets):
    cells = [(x, y) for x0, y0, w, h in where(widgets).values() for x in range(x0, x0 + w) for y in range(y0, y0 + h)]
    return len(cells) != len(set(cells))


def test_a_tile_in_the_way_makes_room_below():
    found = where(placed(tiles(a=(0, 0, 6, 4), b=(6, 0, 6, 4)), "b", (3, 0, 6, 4)))
    assert found == {"b": (3, 0, 6, 4), "a": (0, 4, 6, 4)}


def test_a_tile_that_moves_away_lets_the_others_close_up():
    found = where(placed(tiles(a=(0, 0, 12, 3), b=(0, 3, 6, 4)), "a", (0, 9, 12, 3)))
    assert found == {"b": (0, 0, 6, 4), "a": (0, 4, 12, 3)}


def test_a_tile_grows_and_pushes_what_is_beside_it():
    found = where(placed(tiles(a=(0, 0, 4, 4), b=(4, 0, 4, 4), c=(8, 0, 4, 4)), "a", (0, 0, 6, 4)))
    assert found == {"a": (0, 0, 6, 4), "c": (8, 0, 4, 4), "b": (4, 4, 4, 4)}


def test_a_box_stays_within_the_columns():
    assert fitted((11, -2, 6, 0)) == (6, 0, 6, 1)
    assert fitted((-3, 2, 40, 90)) == (0, 2, 12, 40)


def test_a_new_tile_takes_the_first_gap():
    assert room(tiles(a=(0, 0, 6, 4)), 6, 5) == (6, 0, 6, 5)
    assert room(tiles(a=(0, 0, 8, 4)), 6, 5) == (0, 4, 6, 5)


def test_nothing_overlaps_and_nothing_hangs_after_a_hundred_moves():
    dice, widgets = random.Random(3), tiles(**{f"t{n}": (0, 5 * n, 4 + n % 5, 3) for n in range(9)})
    for _ in range(100):
        box = (dice.randrange(12), dice.randrange(30), dice.randrange(1, 13), dice.randrange(1, 9))
        widgets = placed(widgets, f"t{dice.randrange(9)}", box)
        assert not overlaps(widgets)
        assert all(x + w <= COLUMNS for x, _, w, _ in where(widgets).values())
        assert where(settled(widgets)) == where(widgets)
