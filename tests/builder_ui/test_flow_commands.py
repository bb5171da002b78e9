"""Commands on a flow: whatever is done to whatever graph, no step is lost without need, and undo gives back exactly."""

import copy
import random

import pytest

from builder_ui.flows import commands
from builder_ui.flows.changes import between
from builder_ui.flows.graph import graph_of
from engines.apps.edits import apply_all
from engines.flow.compile import problems

from .flow_graphs import KINDS, blank, grown, random_flow

SEEDS = range(150)


def some_command(r, flow):
    """One command with arguments that may or may not make sense."""
    steps = [node["id"] for node in flow["nodes"]]
    line, step = r.choice(flow["edges"]), r.choice(steps)
    return r.choice([
        ("insert", ([line["id"]], {"type": r.choice(KINDS[:-1])})),
        ("delete", (step,)),
        ("move", (step, [line["id"]])),
        ("branch", (step,)),
        ("unbranch", (line["id"],)),
        ("order", (line["id"], r.choice([-1, 1]))),
        ("jump", (line["id"], step)),
        ("duplicate", (step,)),
    ])  # fmt: skip


def done(flow, op, args):
    try:
        return commands.COMMANDS[op](flow, *args)
    except commands.CannotGo:
        return flow, ""


def walk(seed, length=12):
    """(op, flow before, flow after, selected) of a walk of random commands; the flow before is never written into."""
    r, flow = random.Random(seed), random_flow(seed)
    for _ in range(length):
        op, args = some_command(r, flow)
        kept = copy.deepcopy(flow)
        made, selected = done(flow, op, args)
        assert flow == kept
        yield op, flow, made, selected
        flow = made


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_command_every_step_is_reached_and_every_line_leads_somewhere(seed):
    for op, before, after, selected in walk(seed):
        names = {"start"} | {node["id"] for node in after["nodes"]}
        islands = names - set(graph_of(after).order)
        assert islands <= {"start"} | {node["id"] for node in before["nodes"]} - set(graph_of(before).order), op
        assert all(edge["from"] in names and edge["to"] in names - {"start"} for edge in after["edges"]), op
        assert len({edge["id"] for edge in after["edges"]}) == len(after["edges"])
        assert selected in names | {""}


@pytest.mark.parametrize("seed", SEEDS)
def test_undo_gives_back_exactly_what_was_there(seed):
    for op, before, after, _ in walk(seed):
        before = before | {"edges": [{"id": f"e{n}", **edge} for n, edge in enumerate(before["edges"], 1)]}
        made, back = apply_all({"flows": [before]}, between(before, after, ["flows", "f"]))
        assert made["flows"][0] == after, op
        restored, _ = apply_all(made, back)
        assert restored["flows"][0] == before, op


@pytest.mark.parametrize("seed", range(60))
def test_moving_takes_every_step_along(seed):
    r, flow = random.Random(seed), grown(seed, 25)
    for _ in range(10):
        made, _ = done(flow, "move", (r.choice(flow["nodes"])["id"], [r.choice(flow["edges"])["id"]]))
        assert {one["id"] for one in made["nodes"]} == {one["id"] for one in flow["nodes"]}
        flow = made


@pytest.mark.parametrize("seed", range(30))
def test_what_is_built_by_inserting_can_run(seed):
    assert problems("app", settled(grown(seed, 25))) == []


def settled(flow):
    """With the settings that steps begin with."""
    given = {"approve": {"assign": [{"admin": True}]}, "wait": {"for": "P1D"}}
    given |= {"handle": given["approve"], "cc": given["approve"]}
    return flow | {"nodes": [node | given.get(node["type"], {}) for node in flow["nodes"]]}


def shape(flow):
    return sorted(f"{e['from']}>{e['to']}{':' + e['port'] if 'port' in e else ''}" for e in flow["edges"])


@pytest.fixture
def approval():
    """start > approve > end, and a refused end of its own."""
    flow, _ = commands.insert(blank(), ["e1"], {"type": "approve"})
    return commands.branch(flow, "approve")[0]


def test_a_step_goes_onto_its_line_and_leaves_by_its_usual_port(approval):
    assert shape(approval) == ["approve>end:approve", "approve>end_2:reject", "start>approve"]
    assert approval["nodes"][-1]["state"] == "rejected"


def test_a_branch_begins_with_a_condition_and_a_way_for_the_rest():
    flow, selected = commands.insert(blank(), ["e1"], {"type": "branch"}, when="score > 1")
    assert selected == "branch"
    assert [(e.get("when"), e.get("port")) for e in flow["edges"][1:]] == [("score > 1", None), (None, "else")]
    more, _ = commands.branch(flow, "branch", when="score > 2")
    assert [e.get("when") for e in more["edges"] if e["from"] == "branch"] == ["score > 1", "score > 2", None]


def test_a_fork_comes_with_its_meeting_and_goes_with_it():
    flow, _ = commands.insert(blank(), ["e1"], {"type": "fork"})
    assert shape(flow) == ["fork>join", "fork>join", "join>end", "start>fork"]
    assert shape(commands.delete(flow, "fork")[0]) == ["start>end"]


def test_a_branching_step_is_moved_with_all_that_stands_in_it():
    flow, _ = commands.insert(blank(), ["e1"], {"type": "cc"})
    flow, _ = commands.insert(flow, ["e2"], {"type": "branch"})
    flow, _ = commands.insert(flow, ["e3"], {"type": "wait"})
    made, _ = commands.move(flow, "branch", ["e1"])
    assert shape(made) == ["branch>cc:else", "branch>wait", "cc>end", "start>branch", "wait>cc"]


def test_an_approval_is_moved_with_its_way_for_no(approval):
    flow, _ = commands.insert(approval, ["e2"], {"type": "cc"})
    made, _ = commands.move(flow, "approve", [next(e["id"] for e in flow["edges"] if e["from"] == "cc")])
    assert shape(made) == ["approve>end:approve", "approve>end_2:reject", "cc>approve", "start>cc"]


def test_after_a_meeting_one_step_is_put_in_for_all_branches():
    flow, _ = commands.insert(blank(), ["e1"], {"type": "branch"})
    made, _ = commands.insert(flow, ["e2", "e3"], {"type": "cc"})
    assert shape(made) == ["branch>cc", "branch>cc:else", "cc>end", "start>branch"]


def test_a_line_can_lead_back_and_what_only_it_led_to_is_gone(approval):
    line = next(e["id"] for e in approval["edges"] if e.get("port") == "reject")
    made, selected = commands.jump(approval, line, "approve")
    assert shape(made) == ["approve>approve:reject", "approve>end:approve", "start>approve"]
    assert selected == "approve"


def test_deleting_the_end_of_no_lets_no_lead_nowhere_again(approval):
    assert shape(commands.delete(approval, "end_2")[0]) == ["approve>end:approve", "start>approve"]


@pytest.mark.parametrize(
    ("op", "args", "told"),
    [
        ("delete", ("end",), "'End' is the last step"),
        ("move", ("end", ["e1"]), "nothing follows 'End'"),
        ("unbranch", ("e1",), "'the trigger' needs a way on"),
    ],
)
def test_what_could_not_run_is_refused_with_the_step_and_the_mend(op, args, told):
    with pytest.raises(commands.CannotGo) as refused:
        commands.COMMANDS[op](blank(), *args)
    assert refused.value.say("en").startswith(told)
    assert "：" in refused.value.say("zh")
