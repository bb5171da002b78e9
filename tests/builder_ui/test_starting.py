"""A new app from nothing, from a spreadsheet, from a sample; fields from a spreadsheet for a form that is there."""

import io

import pytest

from engines.apps.imports import Import
from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.kernel.work import Actor

SHEET = "品名,单价,状态,上架\n面霜,¥128,在售,2026-11-02\n口红,¥89,在售,2026-11-03\n面膜,¥59,停售,2026-11-04\n" + (
    "眼霜,¥99,在售,2026-11-05\n" * 6
)


def sheet(text=SHEET, name="库存.csv"):
    return (io.BytesIO(text.encode()), name)


def post(desk, path, **sent):
    return desk.client.post(f"/build{path}", data=sent, content_type="multipart/form-data")


def app(desk, name):
    return desk.platform.look(SYSTEM, lambda look: look.apps.app(name)).definition


def test_the_page_offers_the_ways_to_begin(desk):
    page = desk.client.get("/build/new").text
    for way in ("from-sheet", "from-blank", "import", "sample-crm_livestream"):
        assert f'data-test="{way}"' in page


def test_a_blank_app_is_live_at_once_and_opens_in_its_designer(desk):
    answer = post(desk, "/new/blank", name="Stock Room")
    assert answer.location == "/build/stock_room/forms/form"
    assert desk.client.get(answer.location).status_code == 200
    assert desk.client.get("/a/stock_room/form/new").status_code == 200
    assert post(desk, "/new/blank", name="Stock Room").location == "/build/stock_room_2/forms/form"
    assert post(desk, "/new/blank", name="库存").location == "/build/app/forms/form"


def test_columns_are_shown_with_their_types_before_anything_is_made(desk):
    page = post(desk, "/new/sheet/look", file=sheet()).text
    assert [f'<option value="{kind}" selected>' in page for kind in ("text", "money", "select", "date")] == [True] * 4
    assert "面霜 · 口红 · 面膜" in page


def test_a_sheet_becomes_an_app_and_its_rows_come_in(desk):
    answer = post(desk, "/new/sheet", file=sheet(), name="Stock")
    assert "/a/stock/form/import/" in answer.location
    fields = app(desk, "stock")["forms"][0]["fields"]
    assert [f["type"] for f in fields] == ["text", "money", "select", "date"]
    assert [one["label"]["en"] for one in fields[2]["options"]] == ["在售", "停售"]
    assert desk.client.get(answer.location).status_code == 200
    owner = next(one for one in desk.platform.look(SYSTEM, lambda look: people.everyone(look.session)))
    coming = Import(desk.platform, Actor(owner["id"], "owner"), int(answer.location.rpartition("/")[2]))
    assert (coming.check()["created"], coming.state()["failed"]) == (9, 0)
    coming.run()
    assert "口红" in desk.client.get("/a/stock/form").text


def test_what_was_changed_while_looking_it_over_counts(desk):
    sent = {"looked": "1", "on-0": "on", "on-1": "on", "label-0": "Name", "type-0": "long_text", "type-1": "number"}
    post(desk, "/new/sheet", file=sheet(), name="Stock", **sent)
    fields = app(desk, "stock")["forms"][0]["fields"]
    assert [(f["type"], f["label"]["en"]) for f in fields] == [("long_text", "Name"), ("number", "单价")]


@pytest.mark.parametrize(
    ("file", "why"),
    [(sheet("", "a.csv"), "no column"), (sheet("x", "a.pdf"), "only .xlsx and .csv"), (None, "Choose an Excel")],
)
def test_a_file_that_holds_no_table_is_told_and_nothing_is_made(desk, file, why):
    sent = {"file": file} if file else {}
    for path in ("/new/sheet/look", "/new/sheet"):
        if file:
            sent["file"] = (io.BytesIO(b"" if file[1] == "a.csv" else b"x"), file[1])
        answer = post(desk, path, **sent)
        assert answer.status_code == 422
        assert why in answer.text
    assert set(desk.platform.look(SYSTEM, lambda look: look.apps.versions)) == {"shop"}


def test_fields_of_a_sheet_are_added_to_a_form_in_one_step(desk):
    before = len(desk.part("forms", "buyer")["fields"])
    answer = post(desk, "/shop/forms/buyer/from-sheet", file=sheet())
    assert answer.status_code == 302
    assert len(desk.part("forms", "buyer")["fields"]) == before + 4
    assert desk.draft().edits == 1
    assert desk.draft().problems == []


def test_who_builds_nothing_begins_nothing(desk, flask_app):
    from .test_around import colleague

    mei = colleague(desk, role="member")
    assert mei.client.get("/build/new").status_code == 403
    assert mei.client.post("/build/new/blank", data={"name": "x"}).status_code == 403
