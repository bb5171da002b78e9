"""Filling in, reading, changing and deleting one record."""

import io
import re

import pytest

from .conftest import sign_in

NEW, LIST = "/a/shop/buyer/new", "/a/shop/buyer"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + b"\0" * 40
ADA = {"name": "Ada", "kind": "new"}


def key(page, at=NEW):
    return re.search(r'name="_key" value="([^"]+)"', page.get(at).text)[1]


def errors(page):
    return re.findall(r'class="err" id="why-([^"]+)"', page.text)


@pytest.fixture
def ada(shop):
    return f"{LIST}/{shop.make('buyer', name='Ada', kind='new', score='5')}"


def test_a_new_page_starts_with_its_defaults_and_what_the_link_brings(page, shop):
    assert '<option value="new" selected>' in page.get(NEW).text
    buyer = shop.make("buyer", name="Ada")
    assert f'<option value="{buyer}" selected>Ada</option>' in page.get(f"/a/shop/sale/new?buyer={buyer}").text


def test_a_double_click_makes_one_record(page):
    sent = ADA | {"_key": key(page)}
    first, second = page.post(NEW, data=sent), page.post(NEW, data=sent)
    assert first.location == second.location == f"{LIST}/1"
    assert page.get(f"{LIST}/counts").json["views"]["all"] == 1


def test_problems_stand_at_their_fields_and_what_was_typed_stays(page):
    sent = {"name": "", "kind": "new", "phone": "123", "score": "many", "born": "2026-02-30"}
    answer = page.post(NEW, data=sent | {"_key": key(page)})
    assert answer.status_code == 422
    assert set(errors(answer)) == {"name", "phone", "score", "born"}
    assert 'value="2026-02-30"' in answer.text
    assert "有 4 处要改" in answer.text


def test_values_of_every_kind_come_back_as_they_are_read(page, shop):
    sent = {
        "name": "Ada", "kind": "old", "tags": ["vip", "slow"], "phone": "138 0000 2046", "born": "1992-03-18",
        "seen": "2026-11-22 14:00", "score": "1,200", "limit": "12680", "owner": str(shop.mate.id), "regular": "true",
    }  # fmt: skip
    read = page.get(page.post(NEW, data=sent | {"_key": key(page)}).location).text
    for text in (
        "老客",
        "贵宾",
        "慢热",
        "138 0000 2046",
        "1992-03-18",
        "2026-11-22 14:00",
        "1,200",
        "¥12,680.00",
        "May",
    ):
        assert text in read


def test_a_conditional_field_is_asked_for_only_when_it_is_shown(page):
    assert '<div class="fld w12" data-field="why_lost" hidden>' in page.get("/a/shop/buyer/new").text
    assert '<div class="fld w12" data-field="why_lost">' in page.get("/a/shop/buyer/new?kind=lost").text
    missing = page.post(NEW, data=ADA | {"kind": "lost", "_key": key(page)})
    assert errors(missing) == ["why_lost"]
    hidden = page.post(NEW, data=ADA | {"why_lost": "typed before", "_key": key(page)}).location
    assert "typed before" not in page.get(hidden).text


def test_rows_of_a_subform_are_added_changed_and_taken_away(page, shop):
    buyer = shop.make("buyer", name="Ada")
    sent = {"buyer": buyer, "amount": "3", "lines": ["", "0", "1"], "lines-0-item": "tea", "lines-0-qty": "2",
            "lines-1-item": "cup", "lines-1-qty": "1", "_key": key(page, "/a/shop/sale/new")}  # fmt: skip
    at = page.post("/a/shop/sale/new", data=sent).location
    form = page.get(f"{at}/edit").text
    row = dict(re.findall(r'name="lines-(\d)-_id" value="(\d+)"', form))
    sent = {"buyer": buyer, "amount": "3", "_version": "1", "lines": ["", "1"], "lines-1-_id": row["1"],
            "lines-1-item": "cup", "lines-1-qty": "5"}  # fmt: skip
    assert page.post(f"{at}/edit", data=sent).status_code == 302
    read = page.get(at).text
    assert ("tea" in read, "cup" in read, ">5<" in read) == (False, True, True)


def test_a_wrong_row_of_a_subform_is_named(page, shop):
    buyer = shop.make("buyer", name="Ada")
    sent = {"buyer": buyer, "lines": ["", "0"], "lines-0-item": "", "lines-0-qty": "2", "_key": "k"}
    answer = page.post("/a/shop/sale/new", data=sent)
    assert "第 1 行「品名」" in answer.text


def test_a_stale_edit_lays_both_sides_next_to_each_other(page, shop, ada):
    shop.change("buyer", int(ada.rsplit("/", 1)[1]), score="77", kind="old")
    mine = {"name": "Ada L.", "kind": "new", "score": "8", "_version": "1"}
    clash = page.post(f"{ada}/edit", data=mine)
    assert clash.status_code == 409
    assert "May 刚改了这条记录" in clash.text
    assert re.findall(r'data-test="keep-(\w+)-mine"', clash.text) == ["score"]
    assert 'value="Ada L."' in clash.text
    assert '<option value="old" selected>' in clash.text  # only they changed it: theirs is taken over
    again = {"name": "Ada L.", "kind": "old", "score": "8", "_version": "2", "_keep-score": "theirs"}
    page.post(f"{ada}/edit", data=again)
    assert ">77<" in page.get(ada).text
    assert "Ada L." in page.get(ada).text


def test_a_value_is_changed_where_it_stands(page, ada):
    assert 'value="5"' in page.get(f"{ada}/cell/score?where=record").text
    assert page.post(f"{ada}/cell/score", data={"score": "6", "_version": "1", "where": "record"}).location == ada
    assert "5" in page.get(ada).text


def test_what_belongs_to_a_record_is_listed_and_opens_as_a_list(page, shop, ada):
    buyer = int(ada.rsplit("/", 1)[1])
    for n in range(12):
        shop.make("sale", buyer=buyer, amount=str(n + 1))
    read = page.get(ada).text
    assert len(re.findall(r">S-\d{4}</a>", read)) == 10
    link = re.search(r'href="([^"]+)" data-test="all-sales"', read)[1].replace("&amp;", "&")
    assert len(re.findall(r'data-test="row-', page.get(link).text)) == 12
    assert "¥78.00" in read  # the sum of 1 to 12, by itself


def test_the_timeline_tells_changes_and_comments_and_why_names_who(page, shop, ada):
    shop.change("buyer", int(ada.rsplit("/", 1)[1]), score="9")
    page.post(f"{ada}/comments", data={"body": "<b>call</b> back"})
    read = page.get(ada).text
    line = read[read.index('data-test="timeline"') :]
    assert "&lt;b&gt;call&lt;/b&gt; back" in line
    assert line.index("call") < line.index("积分") < line.index("创建")
    assert "May 填写" in page.get(f"{ada}/why?field=score").text


def test_a_tag_that_a_rule_gave_says_which_rule_and_why(page, shop, ada):
    shop.make("sale", buyer=int(ada.rsplit("/", 1)[1]), amount="1001")
    assert 'data-test="why-tags"' in page.get(ada).text
    asked = page.get(f"{ada}/why?field=tags").text
    assert "大额买家" in asked
    assert "贵宾" in asked


def test_a_comment_is_taken_away_by_its_author_only(page, shop, ada):
    page.post(f"{ada}/comments", data={"body": "hello"})
    assert sign_in(shop, "May").post(f"{ada}/comments/1/delete").status_code == 404
    page.post(f"{ada}/comments/1/delete")
    assert "hello" not in page.get(ada).text


def test_a_deleted_record_waits_in_the_bin_and_comes_back(page, ada):
    gone = page.post(f"{ada}/delete")
    assert page.get(ada).status_code == 404
    assert 'data-test="undo"' in page.get(gone.location).text
    assert "Ada" in page.get(f"{LIST}/bin").text
    assert page.post(f"{ada}/restore").location == ada
    assert page.get(ada).status_code == 200


def test_records_of_a_list_follow_each_other(page, shop):
    for n in range(3):
        shop.make("buyer", name=f"b{n}", score=str(n))
    middle = page.get(f"{LIST}/2?sort=score").text
    assert re.search(r'href="([^"]+)" data-key="k"', middle)[1] == f"{LIST}/1?sort=score"
    assert re.search(r'href="([^"]+)" data-key="j"', middle)[1] == f"{LIST}/3?sort=score"
    assert 'data-test="record-next"' not in page.get(f"{LIST}/3?sort=score").text


def upload(page, data, name):
    return page.post("/files", data={"file": (io.BytesIO(data), name), "spot": "shop/buyer/photo"})


def test_a_file_is_served_through_its_record_and_never_runs(page, ada):
    sent = [upload(page, PNG, "a.png").json["id"], upload(page, b"<script>alert(1)</script>", "x.html").json["id"]]
    page.post(f"{ada}/edit", data=ADA | {"photo": sent, "_version": "1"})
    shown, other = (page.get(f"{ada}/files/photo/{number}?show=1", buffered=True) for number in sent)
    assert shown.mimetype == "image/png"
    assert other.mimetype == "application/octet-stream"
    assert other.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, other):
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_takes_a_file_that_somebody_else_uploaded(page, shop, ada):
    number = upload(page, PNG, "a.png").json["id"]
    mate = sign_in(shop, "May")
    assert mate.get(f"/files/{number}").status_code == 404
    refused = mate.post(f"{ada}/edit", data=ADA | {"photo": [number], "_version": "1"})
    assert errors(refused) == ["photo"]
    assert mate.get(f"{ada}/files/photo/{number}").status_code == 404


def test_pages_that_are_not_there_say_so_in_words(page, ada):
    for path in ("/a/shop/nothing", f"{LIST}/999", "/a/none", "/nowhere"):
        answer = page.get(path)
        assert (answer.status_code, "找不到这一页" in answer.text) == (404, True)


def test_a_fault_nobody_foresaw_has_a_number_to_pass_on(page, monkeypatch, caplog):
    page.application.testing = False
    monkeypatch.setattr("engines.form.lists.views_of", lambda look, form: 1 / 0)
    answer = page.get(LIST)
    assert answer.status_code == 500
    number = re.search(r'data-copy="([0-9A-F]{4}-[0-9A-F]{4})"', answer.text)[1]
    assert number in caplog.text


def test_home_lists_the_forms_and_what_was_open_last(page, ada):
    page.get(ada)
    home = page.get("/").text
    assert 'data-test="open-buyer"' in home
    assert f'href="{ada}"' in home
