"""Every registered step keeps the contract; nothing here names a type."""

import inspect

import pytest

from engines.core.fields.schemas import checker
from engines.core.fields.values import json_schema
from engines.flow import node_types
from engines.flow.base import COMMON, START
from engines.flow.compile import compile_flow
from engines.flow.step import FAILED, JOINED, Signal, State, run

EACH = pytest.mark.parametrize("kind", list(node_types), ids=lambda kind: kind.type)
EXAMPLES = [pytest.param(k, *e, id=f"{k.type}-{i}") for k in node_types for i, e in enumerate(k.examples)]
RESTING = {"open", "wait", "act"}


def around(kind, settings):
    """The step between the trigger and as many ends as it has ways out."""
    ports = kind.ports(settings)
    edges = [{"id": "in", "from": START, "to": "x"}]
    if kind.splits:
        edges += [
            {"id": "a", "from": "x", "to": "end0", "when": "TRUE"},
            {"id": "b", "from": "x", "to": "end1", "port": "else"},
        ]
    else:
        edges += [{"id": f"o{n}", "from": "x", "to": f"end{n}", "port": port} for n, port in enumerate(ports)]
    ends = [{"id": f"end{n}", "type": "end"} for n in range(max(2, len(ports)))] if ports else []
    nodes = [{"id": "x", "type": kind.type, **settings}, *ends]
    return compile_flow("t", {"id": "f", "label": {"en": "F"}, "nodes": nodes, "edges": edges})


@EACH
def test_it_is_named_in_both_languages_and_shows_an_example(kind):
    assert {"zh", "en"} <= kind.label.keys()
    assert kind.icon
    assert kind.examples


@EACH
def test_its_settings_leave_the_common_names_alone(kind):
    assert not {field["id"] for field in kind.config} & set(COMMON)
    assert all({"zh", "en"} <= field["label"].keys() for field in kind.config)


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_its_example_fits_its_own_panel_and_a_strange_setting_does_not(kind, settings):
    schema = json_schema(kind.config) | {"additionalProperties": False}
    assert [error.message for error in checker(schema).iter_errors(settings)] == []
    assert not checker(schema).is_valid(settings | {"strange": 1})


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_a_token_that_arrives_waits_acts_or_goes_on_and_says_what_it_does(kind, settings):
    state, effects = run(around(kind, settings), State(), Signal("start"), lambda text, values: True)
    rests = {effect.what for effect in effects} & RESTING
    assert FAILED not in {token.state for token in state.tokens}
    assert bool(state.tokens) == bool(rests)
    assert kind.waits == bool(rests & {"open", "wait"})
    assert JOINED not in {token.state for token in state.tokens}


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_each_way_out_leads_to_the_step_behind_it(kind, settings):
    flow = around(kind, settings)
    for port in kind.ports(settings) if not kind.splits else ():
        state, effects = run(flow, State(), Signal("start"), lambda text, values: True)
        if state.tokens:
            state, effects = run(flow, state, Signal("leave", state.tokens[0].id, port), lambda text, values: True)
        assert state.tokens == ()
        assert "end" in {effect.data.get("what") for effect in effects}


@EACH
def test_it_touches_no_clock_and_no_database(kind):
    source = inspect.getsource(type(kind))
    assert not {"uow", "session", "clock", "now("} & set(source.replace(".", " ").replace("(", " ").split())
