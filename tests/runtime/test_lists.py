"""Lists: conditions, order, pages, totals, views, boards, and what is done to many records."""

import re

import pytest

LIST = "/a/shop/buyer"


def ids(page):
    """Records of a list page, in its order."""
    return [int(one) for one in re.findall(r'data-test="row-(\d+)"', page.text)]


def href(page, name):
    """The address behind a control; None when there is none."""
    found = re.search(rf'href="([^"]+)" data-test="{name}"', page.text)
    return found and found[1].replace("&amp;", "&")


@pytest.fixture
def four(shop):
    """Four buyers by name."""
    given = {
        "May": {"kind": "old", "tags": ["vip", "slow"], "score": "10", "limit": "100", "owner": shop.owner.id},
        "Ann": {"kind": "new", "tags": ["slow"], "score": "30", "limit": "250.50"},
        "Lee": {"kind": "new", "born": "1990-11-05", "regular": True},
        "Bo%": {"kind": "old", "score": "20", "phone": "010-12345678"},
    }
    return {name: shop.make("buyer", name=name, **more) for name, more in given.items()}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("kind.is.old", {"May", "Bo%"}),
        ("kind.not.old", {"Ann", "Lee"}),
        ("tags.has.vip|slow", {"May"}),
        ("tags.any.vip|slow", {"May", "Ann"}),
        ("tags.lacks.vip", {"Ann", "Lee", "Bo%"}),
        ("tags.blank.", {"Lee", "Bo%"}),
        ("name.contains.A", {"May", "Ann"}),
        ("name.contains.%", {"Bo%"}),
        ("name.starts.b", {"Bo%"}),
        ("score.gt.10", {"Ann", "Bo%"}),
        ("score.between.10|20", {"May", "Bo%"}),
        ("limit.lt.250.6", {"May", "Ann"}),
        ("limit.eq.250.5", {"Ann"}),
        ("owner.me.", {"May"}),
        ("born.on.1990-11-05", {"Lee"}),
        ("born.before.-30d", {"Lee"}),
        ("regular.yes.", {"Lee"}),
        ("created_at.today.", {"May", "Ann", "Lee", "Bo%"}),
        ("created_at.before.2020-01-01", set()),
    ],
)
def test_a_condition_in_the_address_leaves_what_it_says(page, four, condition, names):
    assert {n for n, record in four.items() if record in ids(page.get(LIST, query_string={"f": condition}))} == names


def test_conditions_add_up_and_each_is_a_chip_that_takes_itself_away(page, four):
    seen = page.get(f"{LIST}?f=kind.is.old&f=tags.has.vip")
    assert ids(seen) == [four["May"]]
    assert ids(page.get(href(seen, "chip-1"))) == [four["Bo%"], four["May"]]


@pytest.mark.parametrize("condition", ["secret.is.x", "score.contains.1", "score.gt.many", "born.on.never", "kind.is."])
def test_a_condition_that_means_nothing_is_told_and_the_page_stands(page, four, condition):
    seen = page.get(LIST, query_string={"f": condition})
    assert seen.status_code == 200
    assert "去掉这个条件" in seen.text


def test_the_filter_menu_asks_with_the_fields_own_control_and_goes_into_the_address(page, four):
    asked = page.get(f"{LIST}/condition?ff=kind").text
    assert '<option value="is"' in asked
    assert "老客" in asked
    added = page.get(f"{LIST}?f=tags.has.slow&ff=kind&fo=is&fv=old")
    assert ids(page.get(added.location)) == [four["May"]]


def test_a_list_without_result_names_the_filters_and_offers_the_one_that_helps(page, four):
    seen = page.get(f"{LIST}?f=kind.is.new&f=name.is.May")
    assert 'data-test="no-result"' in seen.text
    assert "名字 May" in seen.text
    assert ids(page.get(href(seen, "hint"))) == [four["Lee"], four["Ann"]]


def test_an_empty_form_says_what_to_do(page, shop):
    assert 'data-test="empty"' in page.get(LIST).text


def test_search_looks_into_every_line_of_text(page, four):
    assert ids(page.get(f"{LIST}?q=12345")) == [four["Bo%"]]
    assert ids(page.get(f"{LIST}?q=mAy")) == [four["May"]]


def test_a_click_on_a_column_sorts_and_blank_comes_last(page, four):
    down = page.get(href(page.get(LIST), "sort-score"))
    assert ids(down) == [four["Ann"], four["Bo%"], four["May"], four["Lee"]]
    up = page.get(href(down, "sort-score"))
    assert ids(up) == [four["May"], four["Bo%"], four["Ann"], four["Lee"]]


@pytest.mark.parametrize("sort", ["", "-score", "score", "-name"])
def test_pages_go_there_and_back_without_gap_or_repetition(page, shop, sort):
    for n in range(120):
        shop.make("buyer", name=f"b{n:03}", score=str(n % 7) if n % 3 else "")
    there, at = [], f"{LIST}?sort={sort}" if sort else LIST
    while at:
        seen = page.get(at)
        there.append((at, ids(seen)))
        at = href(seen, "next")
    assert [len(found) for _, found in there] == [50, 50, 20]
    assert len({record for _, found in there for record in found}) == 120
    for n in (1, 0):
        back = page.get(href(seen, "previous"))
        assert ids(back) == there[n][1]
        seen = back
    assert href(seen, "previous") is None


def test_a_broken_cursor_starts_again(page, four):
    assert len(ids(page.get(f"{LIST}?after=nonsense"))) == 4
    assert len(ids(page.get(f"{LIST}?sort=name&after=WzFd"))) == 4


def test_the_footer_adds_up_everything_that_the_conditions_leave(page, shop):
    for n in range(60):
        shop.make("buyer", name=f"b{n}", kind="new" if n % 2 else "old", limit="10.10")
    assert "共 30 条" in page.get(f"{LIST}/footer?f=kind.is.new").text
    assert "额度 合计 ¥303" in page.get(f"{LIST}/footer?f=kind.is.new").text


def test_a_view_of_the_definition_and_a_saved_one_stand_beside_everything(page, four):
    assert ids(page.get(f"{LIST}?view=vips")) == [four["May"]]
    made = page.post(f"{LIST}/views?f=kind.is.new&sort=name", data={"name": "新来的"}).location
    assert ids(page.get(made)) == [four["Ann"], four["Lee"]]
    assert "新来的" in page.get(LIST).text


def test_a_saved_view_is_its_owners_unless_shared(page, shop, four):
    from .conftest import sign_in

    mine = page.post(f"{LIST}/views?f=kind.is.new", data={"name": "只有我"}).location
    page.post(f"{LIST}/views?f=kind.is.old", data={"name": "大家", "shared": "true"})
    mate = sign_in(shop, "May")
    assert "大家" in mate.get(LIST).text
    assert "只有我" not in mate.get(LIST).text
    assert mate.get(mine).status_code == 404
    number = mine.rsplit("=", 1)[1]
    assert mate.post(f"{LIST}/views/{number}/delete").status_code == 404


def test_counts_come_after_the_page(page, four):
    assert page.get(f"{LIST}/counts").json == {"views": {"all": 4, "vips": 1}}
    assert page.get("/a/shop/counts").json["forms"] == {"buyer": 4, "sale": 0}


def test_a_cell_is_changed_in_place_and_the_row_comes_back(page, four):
    at = f"{LIST}/{four['Ann']}/cell/score"
    assert 'value="30"' in page.get(at).text
    row = page.post(at, data={"score": "31", "_version": "1"})
    assert (row.status_code, 'data-version="2"' in row.text, ">31<" in row.text) == (200, True, True)


def test_a_cell_with_a_problem_or_somebody_elses_change_stays_open(page, shop, four):
    at = f"{LIST}/{four['Ann']}/cell/score"
    wrong = page.post(at, data={"score": "many", "_version": "1"})
    assert (wrong.status_code, wrong.headers["HX-Retarget"]) == (422, f"#cell-{four['Ann']}-score")
    shop.change("buyer", four["Ann"], score="99")
    late = page.post(at, data={"score": "31", "_version": "1"})
    assert late.status_code == 409
    assert "刚有人改成" in late.text
    assert 'name="_version" value="2"' in late.text


def test_many_records_are_changed_tagged_deleted_and_brought_back(page, four):
    two = [four["Ann"], four["Lee"]]
    page.post(f"{LIST}/bulk", data={"ids": two, "do": "set", "field": "kind", "kind": "old"})
    assert len(ids(page.get(f"{LIST}?f=kind.is.old"))) == 4
    page.post(f"{LIST}/bulk", data={"ids": two, "do": "tag", "field": "tags", "tags": ["vip"]})
    assert ids(page.get(f"{LIST}?f=tags.has.vip|slow")) == [four["Ann"], four["May"]]
    page.post(f"{LIST}/bulk", data={"ids": two, "do": "delete"})
    after = page.get(LIST)
    assert ids(after) == [four["Bo%"], four["May"]]
    assert 'data-test="undo"' in after.text
    page.post(f"{LIST}/bulk", data={"ids": two, "do": "restore"})
    assert len(ids(page.get(LIST))) == 4


def test_a_bulk_change_with_one_refusal_changes_nothing(page, four):
    sent = {"ids": [four["Ann"], 9999], "do": "set", "field": "kind", "kind": "old"}
    assert page.post(f"{LIST}/bulk", data=sent).status_code == 404
    assert ids(page.get(f"{LIST}?f=kind.is.old")) == [four["Bo%"], four["May"]]


def test_a_board_has_a_lane_for_each_option_and_a_card_moves(page, shop, four):
    board = page.get(f"{LIST}?kind=kanban&group=kind").text
    assert re.findall(r'data-test="lane-(\w+)"', board) == ["new", "old", "lost"]
    moved = {"field": "kind", "value": "old", "version": "1"}
    assert page.post(f"{LIST}/{four['Ann']}/move", data=moved, headers={"HX-Request": "true"}).text == "2"
    late = page.post(f"{LIST}/{four['Ann']}/move", data=moved | {"value": "new"}, headers={"HX-Request": "true"})
    assert late.status_code == 409
    assert "别人刚改过" in late.json["message"]


def test_the_palette_and_a_relations_control_find_by_title(page, four):
    found = page.get("/search?q=an", headers={"HX-Request": "true"}).text
    assert f'href="/a/shop/buyer/{four["Ann"]}"' in found
    assert page.get("/a/shop/buyer/lookup?q=le").json == [{"value": four["Lee"], "text": "Lee"}]


def test_every_text_of_the_list_is_in_the_readers_language(page, four):
    page.get("/language/en")
    seen = page.get(f"{LIST}?f=kind.is.old").text
    assert not re.search("[\u4e00-\u9fff]", re.sub(r'lang="zh-CN"[^>]*>.*?</a>|斗拱', "", seen))
