"""A decision table is filled in as a spreadsheet is, and says where it has gaps."""

import pytest

from builder_ui.rules.cells import tidy
from engines.apps.platform import SYSTEM
from engines.core.formula.types import BOOLEAN, DATE, NUMBER, TEXT, choice

from ..engines.rule.conftest import Shop

LEVEL = choice(("gold", ("金牌", "Gold")), ("silver", ("银牌", "Silver")))


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("≥ 5", NUMBER, ">= 5"),
        ("＞¥5,000", NUMBER, ">5000"),
        ("1,200", NUMBER, "1,200"),
        ("[1..5)", NUMBER, "[1..5)"),
        ("任意", NUMBER, "任意"),
        ("金牌", LEVEL, '"gold"'),
        ("Gold, 银牌", LEVEL, '"gold", "silver"'),
        ("<> Gold", LEVEL, '<> "gold"'),
        ('not("gold")', LEVEL, 'not("gold")'),
        ("Shang Hai", TEXT, '"Shang Hai"'),
        ("是", BOOLEAN, "TRUE"),
        ("no", BOOLEAN, "FALSE"),
        ("2026/1/5", DATE, '"2026-01-05"'),
        (">= 2026-01-05", DATE, '>= "2026-01-05"'),
        ("lots of it", NUMBER, "lots of it"),
        ("anything", None, "anything"),
    ],
)
def test_a_cell_is_kept_as_the_table_writes_it(typed, kind, kept):
    assert tidy(typed, kind) == kept


def rows(desk):
    return [(row["when"], row["then"]) for row in desk.part("tables", "tiers")["rows"]]


def test_a_block_of_a_spreadsheet_lands_in_cells_and_is_one_step_of_undo(desk):
    before = rows(desk)
    block = "≥ 9,000\t\tGold\r\n(1..5000]\t2\tSilver\r\n0\t\tNone\r\n"
    page = desk.cmd("tables", "tiers", "paste", row=0, col=0, text=block)
    assert rows(desk) == [([">= 9000", ""], "gold"), (["(1..5000]", "2"], "silver"), (["0", ""], "none")]
    assert 'data-test="row-2"' in page.text
    desk.cmd("tables", "tiers", "undo")
    assert rows(desk) == before


def test_what_cannot_be_read_stays_and_is_named_with_its_row_and_column(desk):
    page = desk.cmd("tables", "tiers", "paste", row=1, col=1, text="plenty\tPlatinum")
    assert rows(desk)[1] == (["(0..5000]", "plenty"], "Platinum")
    assert "Row 2 · Orders" in page.text
    assert 'value="plenty"' in page.text
    assert "Platinum" in page.text
    assert len(desk.draft().problems) == 2


def test_a_gap_is_told_with_a_row_that_takes_it(desk):
    assert "gap-0" not in desk.get("/tables/tiers").text
    page = desk.cmd("tables", "tiers", "gives", row="default", text="").text
    assert "no row takes: Spent" in page
    desk.cmd("tables", "tiers", "add_row", cells='["<= 5000", "< 2"]')
    assert rows(desk)[2] == (["<= 5000", "< 2"], "gold")


def test_a_row_that_never_gets_its_turn_is_told(desk):
    desk.cmd("tables", "tiers", "cell", row=0, col=0, text="")
    assert "Row 2 never gets its turn" in desk.get("/tables/tiers").text
    desk.cmd("tables", "tiers", "cell", row=1, col=0, text="[9..1]")
    assert "Row 2 holds for nothing" in desk.get("/tables/tiers").text


def test_which_rows_count_is_chosen_in_words(desk):
    desk.cmd("tables", "tiers", "hit", value="unique")
    assert desk.part("tables", "tiers")["hit"] == "unique"
    desk.cmd("tables", "tiers", "cell", row=1, col=0, text="> 100")
    assert "Holds together with row 1" in desk.get("/tables/tiers").text
    assert desk.cmd("tables", "tiers", "hit", value="best").status_code == 404


def test_a_column_asks_about_a_field_a_linked_one_or_the_number_of_related_records(desk):
    desk.cmd("tables", "tiers", "add_col", field="seen")
    desk.cmd("tables", "tiers", "add_col", field="rows:orders")
    made = desk.part("tables", "tiers")
    assert [one["formula"] for one in made["inputs"]] == ["total", "orders_count", "seen", "COUNT(orders)"]
    assert made["inputs"][3]["label"] == {"en": "Orders"}
    assert desk.cmd("tables", "tiers", "add_col", field="nobody").status_code == 404


def test_a_row_is_dropped_at_its_place(desk):
    desk.cmd("tables", "tiers", "move_row", row=1, to=0)
    assert [then for _, then in rows(desk)] == ["silver", "gold"]


def test_each_row_says_how_many_records_it_decides_now(desk, platform):
    shop = Shop(platform, platform.run(SYSTEM, lambda uow: uow.apps.app("shop")))
    for amount in (6000, 7000, 10):
        shop.make("sale", buyer=shop.make("buyer", name=str(amount)), amount=amount, status="paid")
    assert hits(desk) == {"rows": [2, 0], "none": 1, "all": 3}
    desk.cmd("tables", "tiers", "cell", row=1, col=0, text="")
    desk.cmd("tables", "tiers", "cell", row=1, col=1, text="1")
    assert hits(desk) == {"rows": [2, 1], "none": 0, "all": 3}
    desk.cmd("tables", "tiers", "cell", row=1, col=1, text="lots")
    assert hits(desk) == {}


def hits(desk):
    return {name: value for name, value in desk.get("/tables/tiers/hits").get_json().items() if name != "moves"}


def test_who_would_move_is_counted_before_a_publish_and_listed(desk, platform):
    shop = Shop(platform, platform.run(SYSTEM, lambda uow: uow.apps.app("shop")))
    for amount in (6000, 7000, 10):
        shop.make("sale", buyer=shop.make("buyer", name=f"B{amount}"), amount=amount, status="paid")
    assert "Nobody" in desk.get("/tables/tiers/hits").get_json()["moves"]
    desk.cmd("tables", "tiers", "cell", row=0, col=0, text="> 6500")
    told = desk.get("/tables/tiers/hits").get_json()["moves"]
    assert 'data-test="moves-gold-none">1</button>' in told
    assert "(33.3%)" in told
    listed = desk.get("/tables/tiers/moved?now=%22gold%22&then=%22none%22").text
    assert "B6000" in listed
    assert "B7000" not in listed
    assert desk.get("/tables/tiers/moved?now=%22gold%22&then=%22silver%22").text.count("found-row") == 0
