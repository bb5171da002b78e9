"""Any graph is drawn: every step once, every line once, nothing overlaps, no wire ends under a foreign card."""

import itertools
import re

import pytest

from builder_ui.flows import commands
from builder_ui.flows.drawing import draw
from builder_ui.flows.graph import Tree, graph_of

from .flow_graphs import blank, grown, random_flow

SEEDS = range(120)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_graph_is_drawn_with_every_step_and_every_line_once(seed):
    flow = random_flow(seed)
    cards = [one.step for one in draw(flow).cards()]
    assert sorted(cards) == sorted(["start", *(node["id"] for node in flow["nodes"])])
    reached = set(graph_of(flow).order)
    lines = [edge["id"] for edge in flow["edges"] if edge["from"] in reached]
    assert sorted(_lines(Tree(graph_of(flow)).whole())) == sorted(lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_card_lies_on_another_and_no_wire_ends_under_a_foreign_one(seed):
    made = draw(random_flow(seed))
    cards = made.cards()
    for a, b in itertools.combinations(cards, 2):
        assert a.x >= b.x + b.w or b.x >= a.x + a.w or a.y >= b.y + b.h or b.y >= a.y + a.h
    for wire in made.wires:
        for x, low, high in _ends(wire.d) if wire.edges else ():
            assert not any(c.x < x < c.x + c.w and low < c.y + c.h - 1 and c.y + 1 < high for c in cards)
    assert all(0 <= c.x and c.x + c.w <= made.w and c.y + c.h <= made.h for c in cards)


@pytest.mark.parametrize("seed", range(40))
def test_a_step_can_be_put_on_every_line(seed):
    flow = grown(seed, 20, seed % 3)
    offered = [one.at for one in draw(flow).items if one.what == "plus"]
    assert {name for at in offered for name in at.split(",")} == {edge["id"] for edge in flow["edges"]}
    assert len(offered) == len(set(offered))


def test_two_branches_that_meet_have_a_plus_each_and_one_for_both():
    flow = blank() | {
        "nodes": [{"id": name, "type": kind} for name, kind in zip("bxyz", ("branch", "cc", "cc", "end"), strict=True)],
        "edges": [
            {"id": "e1", "from": "start", "to": "b"},
            {"id": "e2", "from": "b", "to": "x", "when": "TRUE"},
            {"id": "e3", "from": "b", "to": "y", "port": "else"},
            {"id": "e4", "from": "x", "to": "z"},
            {"id": "e5", "from": "y", "to": "z"},
        ],
    }  # fmt: skip
    made = draw(flow)
    assert [one.at for one in made.items if one.what == "plus"] == ["e1", "e2", "e4", "e3", "e5", "e4,e5"]
    assert (made.w, made.h) == (628, 64 + 44 + 64 + 88 + 64 + 44 + 44 + 36)


def test_an_approval_goes_straight_on_and_its_no_stands_beside_it():
    flow, _ = commands.insert(blank(), ["e1"], {"type": "branch"})
    flow, _ = commands.insert(flow, ["e2"], {"type": "approve"})
    flow, _ = commands.branch(flow, "approve")
    made = draw(flow)
    at = {one.step: one.x + one.w // 2 for one in made.cards()}
    (yes,) = [one.x for one in made.items if one.what == "label" and one.edges[0].port == "approve"]
    assert (yes, at["end_2"] > at["approve"]) == (at["approve"], True)
    assert [one.what for one in made.items if one.what == "jump"] == []


def test_otherwise_stands_last_however_it_is_stored():
    flow = blank() | {
        "nodes": [{"id": "b", "type": "branch"}, {"id": "end", "type": "end"}],
        "edges": [
            {"id": "e1", "from": "start", "to": "b"},
            {"id": "e2", "from": "b", "to": "end", "port": "else"},
            {"id": "e3", "from": "b", "to": "end", "when": "TRUE"},
        ],
    }
    assert [one.at for one in draw(flow).items if one.what == "label"] == ["e3", "e2"]


def test_a_way_back_is_a_chip_with_a_lane_beside_the_cards():
    flow = blank() | {
        "nodes": [{"id": name, "type": "approve"} for name in ("a", "b")] + [{"id": "end", "type": "end"}],
        "edges": [
            {"id": "e1", "from": "start", "to": "a"},
            {"id": "e2", "from": "a", "to": "b"},
            {"id": "e3", "from": "b", "to": "end", "port": "approve"},
            {"id": "e4", "from": "b", "to": "a", "port": "reject"},
        ],
    }
    made = draw(flow)
    (jump,) = [one for one in made.items if one.what == "jump"]
    assert (jump.step, jump.back, jump.at) == ("a", True, "e4")
    assert [wire.edges for wire in made.wires].count(()) == 1


def _lines(column):
    for row in column.rows:
        if row.kind == "split":
            for inner in row.columns:
                yield from _lines(inner)
        else:
            yield from (edge.id for edge in row.edges if edge.id)


def _ends(d):
    """(x, from, to) of the first and the last 20 px of a wire."""
    x, y = map(int, re.match(r"M(-?\d+) (-?\d+)", d).groups())
    last = re.search(r"V(-?\d+)$", d)
    turn = re.search(r"Q(-?\d+) (-?\d+) (-?\d+) (-?\d+)V-?\d+$", d)
    yield x, y, y + 20
    yield int(turn[3]) if turn else x, int(last[1]) - 20, int(last[1])
