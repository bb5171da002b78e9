"""A dashboard is laid out of reports, numbers, texts and filters; tiles make room, and one undo takes back one step."""

import re

import pytest

from .test_commands import shown


@pytest.fixture
def board(desk):
    """An empty dashboard, and two reports that can stand on it."""
    for source in ("sale", "buyer"):
        part = desk.post("/reports/new").location.rpartition("/")[2]
        desk.cmd("reports", part, "source", value=f"source:{source}")
        desk.cmd("reports", part, "suggest", n="0")
    desk.post("/dashboards/new")
    return lambda: desk.part("dashboards", "dashboard")


def cmd(desk, op, **sent):
    return desk.cmd("dashboards", "dashboard", op, **sent)


def boxes(board):
    return {one["id"]: one["at"] for one in board()["widgets"]}


def test_tiles_of_every_kind_are_added_into_the_first_gap(desk, board):
    cmd(desk, "add", what="report", name="report")
    cmd(desk, "add", what="report", name="report_2")
    cmd(desk, "add", what="text")
    cmd(desk, "add_param", type="period")
    answer = cmd(desk, "add", what="filter", name="period")
    assert boxes(board) == {"w1": [0, 0, 6, 5], "w2": [6, 0, 6, 5], "w3": [0, 5, 4, 2], "w4": [4, 5, 3, 2]}
    canvas = shown(answer, "canvas")
    assert "Say something" in canvas
    assert re.search(r'id="tile-w4"[^>]*aria-label="Filter: column 5, row 6, 3 wide, 2 high"', canvas)
    assert desk.draft().problems == []


def test_a_number_becomes_a_card_and_its_report_in_one_step(desk, board):
    edits = desk.draft().edits
    answer = cmd(desk, "add", what="kpi", name="source:sale/amount")
    (tile,) = board()["widgets"]
    assert tile["at"] == [0, 0, 3, 2]
    made = desk.part("reports", tile["report"])
    assert (made["values"], made["chart"]) == ([{"agg": "sum", "field": "amount"}], {"type": "kpi"})
    assert 'data-test="kpi"' in shown(answer, "canvas")
    assert desk.draft().problems == []
    assert desk.draft().edits == edits + 1
    cmd(desk, "undo")
    assert board()["widgets"] == []
    assert tile["report"] not in [one["id"] for one in desk.draft().definition["reports"]]


def test_a_tile_is_placed_grown_and_removed_and_the_others_close_up(desk, board):
    cmd(desk, "add", what="report", name="report")
    cmd(desk, "add", what="report", name="report_2")
    cmd(desk, "nudge", id="w1", dw="2")
    assert boxes(board) == {"w1": [0, 0, 8, 5], "w2": [6, 5, 6, 5]}
    cmd(desk, "place", id="w2", x="0", y="0", w="12", h="3")
    assert boxes(board) == {"w2": [0, 0, 12, 3], "w1": [0, 3, 8, 5]}
    cmd(desk, "nudge", id="w1", dx="9")
    assert boxes(board)["w1"] == [4, 3, 8, 5]
    cmd(desk, "remove", id="w2")
    assert boxes(board) == {"w1": [4, 0, 8, 5]}
    cmd(desk, "undo")
    assert boxes(board)["w2"] == [0, 0, 12, 3]


def test_the_place_of_a_tile_is_typed_as_numbers(desk, board):
    cmd(desk, "add", what="report", name="report")
    cmd(desk, "set", sel="tile:w1", name="w", **{"p-w": "4"})
    answer = cmd(desk, "set", sel="tile:w1", name="x", **{"p-x": "3"})
    assert boxes(board) == {"w1": [2, 0, 4, 5]}
    assert 'value="3"' in re.search(r'data-setting="x">.*?</div>\s*</div>', shown(answer, "props"), re.DOTALL)[0]
    refused = cmd(desk, "set", sel="tile:w1", name="w", **{"p-w": "77"})
    assert refused.status_code == 422
    assert 'value="77"' in shown(refused, "props")


def test_what_a_tile_says_and_does_is_set(desk, board):
    cmd(desk, "add", what="report", name="report")
    cmd(desk, "set", sel="tile:w1", name="title", **{"p-title.en": "Sales"})
    cmd(desk, "set", sel="tile:w1", name="click", **{"p-click": "records"})
    answer = cmd(desk, "set", sel="tile:w1", name="listen")
    (tile,) = board()["widgets"]
    assert (tile["click"], tile["cross_filter"]) == ("records", {"listen": False})
    assert "Sales" in shown(answer, "canvas")
    assert desk.draft().problems == []


def test_filters_of_the_whole_dashboard_are_designed(desk, board):
    cmd(desk, "add", what="report", name="report")
    cmd(desk, "add_param", type="period")
    answer = cmd(desk, "add_param", type="choice", of="sale.status")
    assert [one["id"] for one in board()["params"]] == ["period", "status"]
    assert board()["params"][1]["label"] == {"zh": "Order.status", "en": "Order.status"}
    assert 'data-sel="param:status"' in shown(answer, "props")
    cmd(desk, "set", sel="param:period", name="default", **{"p-default": "this year"})
    cmd(desk, "set", sel="param:status", name="multi")
    cmd(desk, "step_param", id="status", by="-1")
    assert [one["id"] for one in board()["params"]] == ["status", "period"]
    assert "multi" not in board()["params"][0]
    assert board()["params"][1]["default"] == "this year"
    assert desk.draft().problems == []
    cmd(desk, "add", what="filter", name="status")
    cmd(desk, "drop_param", id="status")
    assert [one["id"] for one in board()["widgets"]] == ["w1"]
    assert desk.draft().problems == []


def test_the_page_of_the_reader_has_the_same_tiles(desk, board):
    cmd(desk, "add", what="kpi", name="source:sale/count")
    cmd(desk, "add", what="text")
    cmd(desk, "add_param", type="choice", of="sale.status")
    cmd(desk, "add", what="filter", name="status")
    assert desk.post("/publish", rev=desk.rev()).status_code == 302
    page = desk.client.get("/a/shop/d/dashboard").text
    places = re.findall(r'style="(--x:\d+;--y:\d+;--w:\d+;--h:\d+)"', page)
    assert places == re.findall(r'style="(--x:\d+;--y:\d+;--w:\d+;--h:\d+)"', desk.get("/dashboards/dashboard").text)
    assert "Say something" in page
    bar = page.split('data-test="params"')[1].split('class="wall"')[0]
    assert 'data-test="choice-status"' not in bar
    assert 'data-test="choice-status"' in page
    assert 'href="/build/shop/dashboards/dashboard"' in page


def test_a_tile_whose_report_is_gone_says_so_and_the_others_stand(desk, board):
    cmd(desk, "add", what="report", name="report")
    cmd(desk, "add", what="report", name="report_2")
    desk.post("/reports/report/delete")
    page = desk.get("/dashboards/dashboard").text
    assert 'data-test="part-problem"' in page
    assert 'data-test="tile-error"' in page
    assert 'id="tile-w2"' in page


@pytest.mark.parametrize(
    ("op", "sent"),
    [
        ("add", {"what": "report", "name": "gone"}),
        ("add", {"what": "kpi", "name": "source:sale/status"}),
        ("place", {"id": "w9", "x": "0", "y": "0", "w": "1", "h": "1"}),
        ("nudge", {"id": "w9"}),
        ("remove", {"id": "w9"}),
        ("step_param", {"id": "nothing", "by": "1"}),
    ],
)
def test_a_command_that_makes_no_sense_changes_nothing(desk, board, op, sent):
    before = desk.draft().rev
    assert cmd(desk, op, **sent).status_code == 404
    assert desk.draft().rev == before
