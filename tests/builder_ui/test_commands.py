"""What the designers do with commands: keep them, refuse them, tell who was faster; and who may come in at all."""

import io
import json
import re

import pytest

from builder_ui import build
from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.fields import field_types
from runtime.web import create_app

PALETTE = sorted(kind.type for kind in field_types if kind.in_palette)


def shown(answer, pane):
    """What an answer puts into a pane."""
    found = re.search(rf'<hx-partial hx-target="#{pane}"[^>]*>(.*?)</hx-partial>', answer.text, re.DOTALL)
    return found[1] if found else ""


def test_a_command_is_kept_and_the_panes_come_back(desk):
    answer = desk.cmd("forms", "buyer", "add", type="rating", section="rest", index=1)
    assert answer.status_code == 200
    assert 'data-test="canvas-rating"' in shown(answer, "canvas")
    assert 'data-rev="1"' in shown(answer, "state")
    assert [f["id"] for f in desk.part("forms", "buyer")["fields"]][:2] == ["name", "rating"]


@pytest.mark.parametrize("kind", PALETTE)
def test_a_new_field_of_each_type_is_whole_and_has_a_panel(desk, kind):
    form = "buyer" if kind == "rollup" else "sale"
    answer = desk.cmd("forms", form, "add", type=kind, section="rest", index=0)
    assert answer.status_code == 200
    name = desk.part("forms", form)["fields"][0]["id"]
    assert desk.draft().problems == []
    panel = desk.get(f"/forms/{form}?sel=field:{name}").text
    for setting in field_types.get(kind).config:
        if setting.get("visible") != "FALSE" and not (kind == "rollup" and setting["id"] == "field"):
            assert f'data-setting="{setting["id"]}"' in panel


def test_a_setting_is_read_as_its_type_reads_it(desk):
    desk.cmd("forms", "buyer", "set", sel="field:name", name="max_length", **{"p-max_length": "20"})
    desk.cmd("forms", "buyer", "set", sel="field:name", name="searchable", **{"p-searchable": "true"})
    desk.cmd("forms", "buyer", "set", sel="field:name", name="required")
    assert desk.field("buyer", "name") == {
        "id": "name", "type": "text", "label": {"zh": "name", "en": "name"}, "max_length": 20, "searchable": True
    }  # fmt: skip


def test_what_does_not_fit_a_setting_is_told_beside_it_and_not_kept(desk):
    answer = desk.cmd("forms", "buyer", "set", sel="field:name", name="max_length", **{"p-max_length": "many"})
    assert answer.status_code == 422
    assert 'value="many"' in shown(answer, "props")
    assert 'id="why-p-max_length"' in shown(answer, "props")
    assert desk.draft().edits == 0
    answer = desk.cmd("forms", "buyer", "set", sel="field:name", name="label", **{"p-label.zh": " ", "p-label.en": ""})
    assert answer.status_code == 422
    assert desk.draft().edits == 0


def test_options_get_ids_from_their_labels(desk):
    rows = {"p-options": ["0", "1"], "p-options-0-zh": "金", "p-options-0-en": "Gold", "p-options-0-id": "gold",
            "p-options-1-zh": "铂金", "p-options-1-en": "Platinum Plus", "p-options-1-id": ""}  # fmt: skip
    desk.cmd("forms", "buyer", "set", sel="field:tier", name="options", **rows)
    assert [option["id"] for option in desk.field("buyer", "tier")["options"]] == ["gold", "platinum_plus"]


def test_a_lookup_takes_the_look_of_what_it_shows(desk):
    desk.cmd("forms", "sale", "add", type="lookup", section="rest", index=0)
    desk.cmd("forms", "sale", "set", sel="field:lookup", name="field", **{"p-field": "tags"})
    made = desk.field("sale", "lookup")
    assert (made["relation"], made["result"]["type"]) == ("buyer", "tags")
    assert desk.draft().problems == []


def test_an_old_revision_is_refused_and_says_who_was_faster(desk):
    seen = desk.rev()
    desk.cmd("forms", "buyer", "add", type="text", section="rest", index=0)
    late = desk.cmd("forms", "buyer", "add", type="number", section="rest", index=0, rev=seen)
    assert late.status_code == 409
    assert "owner has just changed this draft" in late.text
    assert 'data-mine="1"' in late.text
    again = desk.cmd("forms", "buyer", "add", type="number", section="rest", index=0, rev=1)
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("kind", "part", "op", "sent"),
    [
        ("forms", "buyer", "add", {"type": "numbr"}),
        ("forms", "buyer", "dance", {}),
        ("forms", "buyer", "move", {"id": "field:name", "section": "nowhere", "index": "0"}),
        ("forms", "buyer", "rename", {"id": "field:name", "to": "title"}),
        ("forms", "buyer", "widen", {"sel": "field:name", "width": "77"}),
        ("forms", "gone", "add", {"type": "text"}),
        ("rules", "vip", "add", {"type": "explode"}),
        ("tables", "tiers", "set", {"name": "nothing"}),
        ("reports", "gone", "json", {"text": "{}"}),
    ],
)
def test_a_command_that_makes_no_sense_changes_nothing(desk, kind, part, op, sent):
    answer = desk.cmd(kind, part, op, **sent)
    assert answer.status_code in (400, 403, 404, 422)
    assert 'hx-target="#told"' in answer.text or answer.status_code == 404
    assert desk.draft().edits == 0


def test_undo_works_the_same_everywhere(desk):
    desk.cmd("rules", "vip", "set", name="when", **{"p-when": "total > 6000"})
    desk.cmd("tables", "tiers", "cell", row="0", col="0", text="> 7000")
    desk.post("/roles/new")
    desk.cmd("roles", "role", "toggle", form="buyer", action="edit")
    assert desk.draft().edits == 4
    for _ in range(4):
        assert desk.cmd("forms", "buyer", "undo").status_code == 200
    assert desk.draft().definition == desk.draft().live.definition
    for _ in range(4):
        desk.cmd("forms", "buyer", "redo")
    assert desk.part("tables", "tiers")["rows"][0]["when"] == ["> 7000", "-"]
    assert desk.part("roles", "role")["forms"]["buyer"]["actions"] == ["view", "edit"]


def test_a_role_may_be_allowed_to_give_records_away(desk):
    desk.post("/roles/new")
    desk.cmd("roles", "role", "toggle", form="buyer", action="edit")
    desk.cmd("roles", "role", "rows", form="buyer", rows="own")
    assert 'data-test="hand-over"' in desk.get("/roles/role?sel=form/buyer").text
    desk.cmd("roles", "role", "hand_over", form="buyer")
    assert desk.part("roles", "role")["forms"]["buyer"]["hand_over"] is True
    desk.cmd("roles", "role", "hand_over", form="buyer")
    assert "hand_over" not in desk.part("roles", "role")["forms"]["buyer"]


def test_a_rule_is_written_in_steps(desk):
    desk.post("/rules/new")
    desk.cmd("rules", "rule", "set", name="form", **{"p-form": "buyer"})
    desk.cmd("rules", "rule", "add", type="set_field")
    values = {"p-values": ["0"], "p-values-0-field": "seen", "p-values-0-formula": "TODAY()"}
    desk.cmd("rules", "rule", "set", sel="then/0", name="values", **values)
    desk.cmd("rules", "rule", "set", name="events", **{"p-events": ["created"]})
    made = desk.part("rules", "rule")
    assert made["then"] == [{"type": "set_field", "values": [{"field": "seen", "formula": "TODAY()"}]}]
    assert (made["enabled"], made["on"]) == (False, {"events": ["created"]})
    assert desk.draft().problems == []
    assert "Set fields seen" in desk.get("/rules/rule").text


def test_a_table_gets_columns_and_rows_and_keeps_them_in_step(desk):
    desk.cmd("tables", "tiers", "add_col")
    desk.cmd("tables", "tiers", "head", col="2", name="formula", text="score")
    desk.cmd("tables", "tiers", "add_row")
    desk.cmd("tables", "tiers", "move_row", row="2", by="-2")
    desk.cmd("tables", "tiers", "drop_col", col="1")
    made = desk.part("tables", "tiers")
    assert [one["formula"] for one in made["inputs"]] == ["total", "score"]
    assert [row["when"] for row in made["rows"]] == [["", ""], ["> 5000", ""], ["(0..5000]", ""]]
    assert desk.draft().problems == []


def test_a_formula_is_checked_while_it_is_typed(desk):
    good = desk.post("/forms/buyer/formula", text="total > 5", returns="boolean").json
    assert (good["ok"], good["words"]) == (True, "total > 5")
    bad = desk.post("/forms/buyer/formula", text="totl > 5", returns="boolean").json
    assert (bad["ok"], bad["at"]) == (False, 0)
    assert "total" in bad["words"]


def test_a_problem_leads_to_its_place(desk):
    desk.cmd("forms", "buyer", "set", sel="field:average", name="formula", **{"p-formula": "totl / 2"})
    assert "/build/shop/forms/buyer?sel=field:average" in desk.get("/problems").text.replace("%3A", ":")


def test_publishing_with_a_problem_is_refused_and_without_it_done(desk):
    desk.cmd("rules", "vip", "set", name="when", **{"p-when": "totl > 1"})
    refused = desk.post("/publish", rev=desk.rev())
    assert refused.status_code == 422
    assert "/rules/0/when" in refused.text
    desk.cmd("rules", "vip", "set", name="when", **{"p-when": "total > 1"})
    assert desk.post("/publish", rev=desk.rev(), note="lower bar").status_code == 302
    page = desk.get("/publish").text
    assert "lower bar" in page
    assert desk.post("/rollback", version=1).status_code == 302
    assert "v3 live" in desk.get("/publish").text


def test_an_app_goes_out_and_comes_in_with_a_plan_first(desk):
    content = desk.post("/export").data
    assert json.loads(content)["manifest"]["app"] == "shop"
    sent = {"file": (io.BytesIO(content), "shop.json"), "as": "copy"}
    planned = desk.client.post("/build/import", data=sent, content_type="multipart/form-data")
    assert planned.status_code == 200
    assert "new app" in planned.text
    assert "copy" not in desk.platform.look(SYSTEM, lambda look: look.apps.versions)
    done = desk.client.post("/build/import", data={"text": content.decode(), "as": "copy", "sure": "1"})
    assert done.location == "/build/copy/arrived"
    assert desk.client.get(done.location).status_code == 200


def test_an_app_of_two_megabytes_comes_in(desk):
    made = json.loads(desk.post("/export").data)
    del made["manifest"]
    rows = [{"when": ["> 5000", f"= {n}"], "then": "gold", "note": {"en": "n" * 290}} for n in range(1000)]
    made["tables"] = [made["tables"][0] | {"id": f"t{n}", "rows": rows} for n in range(6)]
    text = json.dumps(made)
    assert len(text) > 2_000_000
    answer = desk.client.post("/build/import", data={"text": text, "as": "large"})
    assert answer.status_code == 200


def test_a_file_that_is_no_app_is_told_on_the_page(desk):
    sent = {"file": (io.BytesIO(b"PK\x03\x04"), "shop.json")}
    answer = desk.client.post("/build/import", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "no exported app" in answer.text


@pytest.fixture
def admin(platform, flask_app):
    """An administrator of the workspace, who builds nothing."""
    client = flask_app.test_client()

    def make(uow):
        people.add(uow.session, "ada", "admin")
        return people.make_link(uow.session, "ada")

    client.get(f"/sign-in/{platform.run(SYSTEM, make)}")
    return client


def test_an_administrator_exports_without_being_a_builder(admin):
    assert 'href="/build/"' in admin.get("/").text
    listed = admin.get("/build/").text
    assert 'data-test="export-shop"' in listed
    assert 'data-test="design-shop"' not in listed
    assert admin.get("/build/shop/export").status_code == 200
    assert json.loads(admin.post("/build/shop/export").data)["id"] == "shop"
    for path in ("/build/shop", "/build/shop/forms/buyer", "/build/shop/publish", "/build/import"):
        assert admin.get(path).status_code in (403, 404)
    assert admin.post("/build/shop/forms/buyer/cmd", data={"op": "undo"}).status_code in (403, 404)


def test_every_route_of_the_builder_declares_a_right(platform):
    app = create_app(platform, b"secret", [build])
    ours = {name: view for name, view in app.view_functions.items() if name.startswith("build.")}
    assert len(ours) > 20
    assert {view.right.name for view in ours.values()} <= {"public", "signed_in", "builder", "publish", "export_app"}
    assert [name for name, view in ours.items() if view.right.name == "public"] == ["build.static"]
