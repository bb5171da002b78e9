"""A version with types that this release does not have: people go on working, builders see it, nothing is lost."""

import io
import json

import pytest

from builder_ui import build
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.records import query
from engines.form import submit
from runtime.web import create_app

from .conftest import Desk
from .strangers import SONG, leave_behind, richer, richer_program


@pytest.fixture
def desk(platform):
    """The workspace opened again by a program without those types."""
    leave_behind(platform)
    poorer = open_platform(platform.data, sync="off")
    client = create_app(poorer, b"secret", [build]).test_client()
    client.get(f"/sign-in/{poorer.run(SYSTEM, lambda uow: people.make_link(uow.session, 'owner'))}")
    client.set_cookie("language", "en")
    yield Desk(poorer, client)
    poorer.close()


@pytest.mark.parametrize("path", ["/", "/a/shop/buyer", "/a/shop/buyer/1", "/a/shop/buyer/new", "/a/shop/sale",
                                  "/a/shop/r/tiers", "/a/shop/d/board"])  # fmt: skip
def test_people_go_on_working(desk, path):
    page = desk.client.get(path, follow_redirects=True)
    assert page.status_code == 200
    assert 'data-field="mood"' not in page.text


def test_what_is_not_known_stays_in_the_record_when_it_is_changed(desk):
    app = desk.platform.look(SYSTEM, lambda look: look.apps.app("shop"))
    form = app.form("buyer")
    desk.platform.run(SYSTEM, lambda uow: submit.change_record(uow, form, 1, {"name": "June"}))
    made = desk.platform.run(SYSTEM, lambda uow: submit.create_record(uow, form, {"name": "July"})).id
    with richer_program():
        again = open_platform(desk.platform.data, sync="off")
        source = again.look(SYSTEM, lambda look: look.apps.app("shop")).form("buyer").source
        rows = again.look(SYSTEM, lambda look: query.page(look, source, query.Ask(limit=9)).rows)
        again.close()
    held = {row["_id"]: (row["name"], row["mood"], row["pulse"], row["doubled"]) for row in rows}
    assert held == {1: ("June", "calm", 60, 120), made: ("July", None, None, None)}


def test_a_chart_that_is_not_known_is_a_table_that_says_so(desk):
    page = desk.client.get("/a/shop/r/tiers").text
    assert "no chart &#39;spiral&#39;" in page
    assert "<table" in page


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/forms/buyer", "mood"),
        ("/forms/buyer?sel=field:mood", "mood"),
        ("/rules/song?sel=then/0", "sing"),
        ("/flows/choir?sel=node/c", "chant"),
        ("/reports/tiers", "spiral"),
    ],
)
def test_a_designer_opens_and_shows_it_with_its_json(desk, path, type_):
    page = desk.get(path)
    assert page.status_code == 200
    assert f"Unknown type “{type_}”" in page.text
    assert (f"&#34;type&#34;: &#34;{type_}&#34;" in page.text) == ("sel" in path or "reports" in path)


def test_edits_beside_it_leave_it_as_it_was(desk):
    before = {kind: desk.draft().definition[kind] for kind in ("forms", "rules", "flows", "reports")}
    assert desk.cmd("forms", "buyer", "add", type="date", section="main", index=0).status_code == 200
    assert desk.cmd("forms", "buyer", "move", id="field:mood", section="main", index=2).status_code == 200
    assert desk.cmd("rules", "song", "add", type="add_tag").status_code == 200
    assert (
        desk.cmd("rules", "song", "set", name="label", **{"p-label.en": "Ode", "p-label.zh": "颂"}).status_code == 200
    )
    assert desk.cmd("flows", "choir", "rename", step="end", text="Over").status_code == 200
    assert desk.cmd("reports", "tiers", "set", name="limit", **{"p-limit": "5"}).status_code == 200
    after = desk.draft().definition
    assert next(f for f in after["forms"][0]["fields"] if f["id"] == "mood") == before["forms"][0]["fields"][1]
    assert next(r for r in after["rules"] if r["id"] == "song")["then"][0] == SONG["then"][0]
    assert after["flows"][0]["nodes"][0] == before["flows"][0]["nodes"][0]
    assert after["reports"][0]["chart"] == {"type": "spiral"}
    assert after["reports"][0]["limit"] == 5


def test_publishing_says_what_and_where(desk):
    desk.cmd("forms", "sale", "add", type="date", section="rest", index=0)
    page = desk.get("/publish").text
    assert all(f"no type &#39;{one}&#39;" in page for one in ("mood", "pulse"))
    assert 'href="/build/shop/forms/buyer?sel=field:mood"' in page
    for name in ("mood", "pulse", "doubled"):
        assert desk.cmd("forms", "buyer", "remove", id=f"field:{name}").status_code == 200
    page = desk.get("/publish").text
    assert all(f"no type &#39;{one}&#39;" in page for one in ("sing", "chant"))


def test_an_app_that_is_brought_in_with_it_is_told_what_and_where(desk):
    file = (io.BytesIO(json.dumps(richer() | {"id": "trade"}).encode()), "trade.json")
    page = desk.client.post("/build/import", data={"file": file}).text
    assert "no type &#39;mood&#39;" in page
    assert "/forms/0/fields/1/type" in page
