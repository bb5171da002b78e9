"""The flow designer as its pages and commands: what is drawn, what is offered, what is told, what is rehearsed."""

import html
import json
import re
import sqlite3
from contextlib import closing

import pytest

from builder_ui.shapes import SHAPES
from engines.apps import draft
from engines.apps.platform import SYSTEM
from engines.core.actions import action_types
from engines.core.kernel.kind import Definition
from engines.flow import node_types
from engines.flow.base import Node
from engines.form import submit

from .test_commands import shown

KEYS = [
    *(kind.type for kind in node_types if kind.offered and kind.type != "action"),
    *(f"action:{kind.type}" for kind in action_types),
]


@pytest.fixture
def flow(desk):
    """A new flow on the buyers, open in its designer."""
    desk.post("/flows/new")
    desk.cmd("flows", "flow", "set", name="form", **{"p-form": "buyer"})
    return desk


def steps(desk):
    return [node["id"] for node in desk.part("flows", "flow")["nodes"]]


def insert(desk, kind, at="e1"):
    return desk.cmd("flows", "flow", "insert", at=at, kind=kind)


@pytest.mark.parametrize("key", KEYS)
def test_a_step_of_each_type_is_whole_when_it_is_put_in_and_has_its_card_and_panel(flow, key):
    answer = insert(flow, key)
    assert answer.status_code == 200
    assert flow.draft().problems == []
    name = steps(flow)[-1] if key == "end" else steps(flow)[1]
    kind = action_types.get(key.partition(":")[2]) if ":" in key else node_types.get(key)
    assert f'data-test="node-{name}"' in shown(answer, "canvas")
    assert f'data-sel="node/{name}"' in shown(answer, "props")
    for setting in kind.config:
        if setting["id"] != "label":
            assert f'data-setting="{setting["id"]}"' in shown(answer, "props")


class Sunrise(Node):
    """A type of step as a package would bring it."""

    type = "sunrise"
    label = {"zh": "等日出", "en": "Wait for sunrise"}
    icon = "sun"
    config = [{"id": "place", "type": "text", "label": {"zh": "地点", "en": "Place"}, "required": True}]
    examples = [({"place": "Lima"},)]

    def ports(self, settings: Definition) -> tuple[str, ...]:
        return ("", "cloudy")

    def line(self, settings, names):
        return {"zh": f"在 {settings['place']}", "en": f"in {settings['place']}"}


def test_a_type_of_a_package_is_in_menu_panel_and_drawing_by_itself(flow):
    with node_types.temporarily(Sunrise):
        page = flow.get("/flows/flow").text
        assert 'data-kind="sunrise"' in page
        assert "Wait for sunrise" in page
        answer = insert(flow, "sunrise")
        assert ("#i-sun" in shown(answer, "canvas"), "in Lima" in shown(answer, "canvas")) == (True, True)
        assert 'data-setting="place"' in shown(answer, "props")
        assert flow.draft().problems == []
        assert [e.get("port") for e in flow.part("flows", "flow")["edges"] if e["from"] == "sunrise"] == [
            None,
            "cloudy",
        ]
        flow.cmd("flows", "flow", "undo")


def test_every_command_of_the_designer_is_taken_back_by_undo(flow):
    start = flow.draft().definition
    insert(flow, "approve")
    insert(flow, "branch", at="e2")
    flow.cmd("flows", "flow", "branch", step="branch")
    flow.cmd("flows", "flow", "move", step="branch", at="e1")
    flow.cmd("flows", "flow", "duplicate", step="approve")
    flow.cmd("flows", "flow", "rename", step="approve", text="Look at it")
    flow.cmd("flows", "flow", "delete", step="branch")
    done = flow.draft().edits
    assert flow.part("flows", "flow")["nodes"][1]["label"]["en"] == "Look at it"
    for _ in range(7):
        flow.cmd("flows", "flow", "undo")
    assert (flow.draft().definition, flow.draft().edits) == (start, done - 7)


def test_an_edit_of_a_long_flow_is_kept_as_the_few_things_it_changes(flow):
    for _ in range(5):
        insert(flow, "wait")
    edit = flow.platform.look(SYSTEM, lambda look: draft.log(look, "shop"))[0]
    assert (edit["op"], [change["at"] for change in edit["args"]["changes"]]) == (
        "several",
        [["flows", "flow", *rest] for rest in (["nodes"], ["edges", "e1"], ["edges"])],
    )


def test_a_branch_is_called_by_its_condition_in_the_words_of_the_form(flow):
    def called(**sent):
        answer = flow.cmd("flows", "flow", "way", edge="e2", **sent)
        return re.findall(r'data-test="way"[^>]*><span class="cut">([^<]*)', shown(answer, "canvas"))

    insert(flow, "branch")
    said = called(name="when", text="NOT(ISBLANK(name)) AND total >= 5")
    assert said == ["name is filled in and total is at least ¥5", "Otherwise"]
    assert called(name="label", text="Big ones") == ["Big ones", "Otherwise"]


def test_the_condition_of_a_branch_is_edited_as_cards_like_that_of_a_rule(flow):
    insert(flow, "branch")
    panel = shown(flow.cmd("flows", "flow", "cond", sel="node/branch", slot="e2", do="add", card=""), "props")
    assert 'data-test="card-1"' in panel
    flow.cmd("flows", "flow", "cond", sel="node/branch", slot="e2", do="mode", card="", value="any")
    edges = flow.part("flows", "flow")["edges"]
    assert next(e["when"] for e in edges if e["id"] == "e2").startswith('tier = "gold" OR ')
    assert 'data-sel="node/branch"' in panel
    assert flow.cmd("flows", "flow", "cond", slot="gone", do="add", card="").status_code == 404


def test_a_condition_may_ask_how_a_step_before_it_went(flow):
    insert(flow, "approve")
    told = flow.post("/flows/flow/formula", text='approve = "reject"', returns="boolean").json
    assert told["ok"] is True


def test_an_edit_that_cannot_run_is_refused_with_the_step_and_the_mend(flow):
    answer = flow.cmd("flows", "flow", "delete", step="end")
    assert answer.status_code == 422
    assert "is the last step, without it the flow has no end: add an end first" in html.unescape(answer.text)
    assert steps(flow) == ["end"]


def test_what_is_wrong_stands_on_its_card_and_the_list_of_problems_leads_there(flow):
    insert(flow, "branch")
    insert(flow, "action:mail", at="e2")
    flow.cmd("flows", "flow", "set", sel="node/action", name="assign")
    answer = flow.cmd("flows", "flow", "unbranch", edge="e3")
    drawn = shown(answer, "canvas")
    assert [name for name in ("branch", "action", "end") if _badge(drawn, name)] == ["branch", "action"]
    assert "the mail goes to nobody" in _badge(drawn, "action")
    assert "add &#39;otherwise&#39;" in _badge(drawn, "branch")
    found = html.unescape(flow.get("/problems").text)
    links = re.findall(r'href="/build/shop(/flows/flow\?sel=[^"]*)" data-test="problem">(.*?)</a>', found, re.DOTALL)
    link = next(where for where, words in links if "mail goes" in words)
    assert 'data-sel="node/action"' in flow.get(link).text


def _badge(drawn, step):
    card = re.search(rf'id="node-{step}".*?</button>', drawn, re.DOTALL)[0]
    found = re.search(r'data-test="bug" title="([^"]*)"', card)
    return found[1] if found else ""


def test_only_the_panel_is_sent_for_another_selection(flow):
    insert(flow, "approve")
    answer = flow.post("/flows/flow/panes", sel="node/approve", only="props")
    assert (shown(answer, "canvas"), "whoever started it" in answer.text.lower()) == ("", True)
    assert 'data-sel="node/approve"' in shown(answer, "props")


def test_a_step_of_a_type_that_is_not_known_is_drawn_and_can_be_deleted(flow):
    with node_types.temporarily(Sunrise):
        insert(flow, "sunrise")
    page = flow.get("/flows/flow?sel=node/sunrise")
    assert page.status_code == 200
    assert "Unknown type “sunrise”" in page.text
    assert flow.cmd("flows", "flow", "delete", step="sunrise").status_code == 200
    assert steps(flow) == ["end"]


@pytest.fixture
def buyer(platform):
    """A buyer with one paid order."""

    def made(form, **values):
        return platform.run(SYSTEM, lambda uow: submit.create_record(uow, uow.apps.form("shop", form), values)).id

    record = made("buyer", name="Zoe")
    made("sale", buyer=record, amount=12, status="paid")
    return record


def everything(platform):
    """All that the database holds."""
    with closing(sqlite3.connect(platform.data / "dougong.db")) as database:
        return list(database.iterdump())


@pytest.fixture
def approving(flow):
    """Buyers are approved by whoever started it; then their tier is set, a day later they are told."""
    insert(flow, "approve")
    flow.cmd("flows", "flow", "set", sel="node/approve", name="assign", **_starter())
    insert(flow, "wait", at="e2")
    insert(flow, "cc", at="e3")
    return flow


def _starter():
    return {"p-assign": ["0"], "p-assign-0-who": "starter", "p-assign-0-pick": ""}


def rehearsed(desk, **asked):
    answer = desk.post("/flows/flow/rehearse", **asked)
    assert answer.status_code == 200
    found = re.search(r'data-walked="([^"]*)"', answer.text)
    return answer.text, json.loads(html.unescape(found[1])) if found else None


def test_a_rehearsal_tells_who_gets_what_and_where_the_run_stands(approving, buyer):
    text, walked = rehearsed(approving, record=buyer, until=0)
    assert walked == {"steps": ["start", "approve"], "edges": ["e1"], "at": ["approve"]}
    assert ("Given to owner" in text, "Notice to owner" in text) == (True, True)
    assert 'data-test="act-approve"' in text


def test_acting_in_a_rehearsal_takes_the_run_on_and_time_does_the_rest(approving, buyer):
    act = json.loads(html.unescape(re.search(r"data-act='([^']*)'", rehearsed(approving, record=buyer, until=0)[0])[1]))
    acts = json.dumps([{"after_s": 3600, **act}])
    text, walked = rehearsed(approving, record=buyer, until=3600, acts=acts)
    assert walked["at"] == ["wait"]
    assert "owner approved" in text
    text, walked = rehearsed(approving, record=buyer, until=3600 + 86400, acts=acts)
    assert walked["steps"] == ["start", "approve", "wait", "cc", "end"]
    assert "The run is over" in text


def test_whoever_finishes_a_task_in_a_rehearsal_fills_in_what_is_blank(approving, buyer):
    approving.cmd("flows", "flow", "delete", step="approve")
    insert(approving, "handle")
    approving.cmd("flows", "flow", "set", sel="node/handle", name="required", **{"p-required": ["seen", "name"]})
    (person,) = re.findall(r'"person":(\d+)', html.unescape(rehearsed(approving, record=buyer, until=0)[0]))
    acts = json.dumps([{"after_s": 60, "person": int(person), "do": "complete", "node": "handle"}])
    text, walked = rehearsed(approving, record=buyer, until=60, acts=acts)
    assert (walked["at"], "owner finished it" in text) == (["wait"], True)


def test_a_rehearsal_writes_nothing_and_sends_nothing(approving, buyer):
    before = everything(approving.platform)
    rehearsed(approving, record=buyer, until=86400)
    assert everything(approving.platform) == before


def test_a_rehearsal_knows_what_the_record_is_linked_with(approving, buyer):
    approving.cmd("flows", "flow", "delete", step="approve")
    insert(approving, "branch")
    edge = next(e["id"] for e in approving.part("flows", "flow")["edges"] if e.get("when"))
    approving.cmd("flows", "flow", "way", edge=edge, name="when", text="total > 0")
    assert edge in rehearsed(approving, record=buyer, until=0)[1]["edges"]


def test_a_draft_that_cannot_run_yet_says_what_to_mend_instead(approving, buyer):
    approving.cmd("flows", "flow", "set", sel="node/wait", name="for")
    text, walked = rehearsed(approving, record=buyer, until=0)
    assert walked is None
    assert "&#39;Wait&#39; needs one of: for how long" in text


@pytest.mark.parametrize("acts", ["[", '[{"after_s": 1}]', '[{"after_s":0,"person":1,"do":"delete","node":"x"}]'])
def test_acts_that_make_no_sense_are_not_found(approving, buyer, acts):
    assert approving.post("/flows/flow/rehearse", record=buyer, acts=acts).status_code == 404


@pytest.mark.parametrize(
    "deadline",
    [
        {"after": "PT90M", "do": "remind"},
        {"after": "PT24H", "do": "remind", "repeat": "PT24H", "max": 3},
        {"after": "P1D", "do": "escalate", "to": [{"role": "boss"}], "mode": "replace"},
        {"after": "P1D", "do": "escalate", "to": [{"role": "boss"}, {"admin": True}], "mode": "add"},
        {"after": "P1D", "do": "edge", "port": "late"},
        {"after": "P1DT12H", "do": "approve"},
    ],
    ids=lambda one: one["do"],
)
def test_a_deadline_survives_its_table(deadline):
    shape = SHAPES["deadlines"]
    assert shape.value(shape.rows([deadline])) == [deadline]


@pytest.mark.parametrize("begun", [{"after": "PT1H"}, {"do": "remind"}])
def test_a_deadline_that_is_begun_stays_on_the_page_and_reminds_after_an_hour(begun):
    shape = SHAPES["deadlines"]
    assert shape.value([{"_id": "1", "after": None, "do": ""} | begun]) == [{"after": "PT1H", "do": "remind"}]
    assert shape.value([{"_id": "1", "after": None, "do": "", "rest": ""}]) == []


@pytest.mark.parametrize(
    "one",
    [
        {"role": "boss", "pick": "round_robin"},
        {"field": "owner"},
        {"users": [3, "may"]},
        {"starter": True},
        {"supervisor": "field:owner"},
        {"department_head": "team"},
        {"admin": True},
    ],
    ids=lambda one: next(iter(one)),
)
def test_an_assignment_survives_its_table(one):
    shape = SHAPES["assign"]
    assert shape.value(shape.rows([one])) == [one]


@pytest.mark.parametrize(
    "day", [{"field": "due"}, {"field": "due", "offset": "-P3D", "time": "09:00"}, {"field": "due", "offset": "PT2H"}]
)
def test_a_day_to_wait_for_survives_its_table(day):
    shape = SHAPES["at"]
    assert shape.value(shape.rows(day)) == day


def test_a_role_that_is_gone_stays_chosen_until_somebody_chooses_another(flow):
    insert(flow, "approve")
    node = flow.part("flows", "flow")["nodes"][1] | {"assign": [{"role": "gone"}]}
    at = ["flows", "flow", "nodes", "approve"]
    flow.platform.run(SYSTEM, lambda uow: draft.edit(uow, "shop", "set", {"at": at, "value": node}))
    assert '<option value="role:gone" selected' in flow.get("/flows/flow?sel=node/approve").text
