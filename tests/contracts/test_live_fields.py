"""What a page reads of a control, and how it shows an answer, is what the server makes of it; nothing here names a type
but those whose answers computed fields show."""

import pytest
from flask import Flask

from engines.core.fields import field_types
from engines.core.fields.results import stored_result
from engines.core.fields.values import parse_one
from engines.core.kernel.errors import Rejected
from engines.form.live import reader
from runtime import figures
from runtime.node import Node

from ..conftest import node_command

LIVE = [kind for kind in field_types if kind.live]
TYPED = [
    pytest.param(kind, config, raw, id=f"{kind.type}-{raw}"[:40])
    for kind in LIVE
    for config, raw, *_ in (*kind.examples, *kind.rejects)
    if isinstance(raw, str) and not {"min", "max", "min_length", "max_length", "pattern", "rich"} & config.keys()
]
EVERYWHERE = [
    *("", " ", "0", "-0", "1.005", "２.５", "1e3", "3.5万", "1,234.5", "12,34", "-¥5", "50%", "5 元", "1.", ".", "．5"),
    *("2026-02-29", "2024-2-29", "2024年2月29日", "20240229", "2024-02-29 00:00", "2024-02-29 13:05", "24:00"),
    *("2024/2/29T9:05:07", " a\tb ", "<b>", "😀", "true", "7"),
]
ANSWERS = [0.0, 1.005, -2.5, 1234567.891, 0.1 + 0.2, 1e15, -1e-9, 12.0, 99.995, True, False, None, "a", "2024-02-29"]
SHAPES = [
    {"type": "number"}, {"type": "number", "scale": 0}, {"type": "number", "scale": 2}, {"type": "money"},
    {"type": "money", "scale": 0}, {"type": "money", "scale": 4}, {"type": "percent"}, {"type": "percent", "scale": 0},
    {"type": "date"}, {"type": "checkbox"}, {"type": "text"},
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    found = Node(node_command())
    yield found
    found.close()


def by_server(kind, config, raw):
    """The stored value; what is refused counts as blank."""
    field = {"id": "x", "type": kind.type, "label": {"en": "X"}, "zone": "Asia/Shanghai", **config}
    try:
        made = parse_one(field, raw)
    except Rejected:
        return None
    return list(made) if isinstance(made, tuple) else made


def by_page(browser, kind, config, raw):
    field = {"id": "x", "type": kind.type, "zone": "Asia/Shanghai", **config}
    return browser.ask(sent=[raw], spec=reader(field), zone="Asia/Shanghai")


@pytest.mark.parametrize(("kind", "config", "raw"), [p for p in TYPED if p.values[0].children({"fields": []}) is None])
def test_a_page_reads_the_examples_of_a_type_as_the_server_does(browser, kind, config, raw):
    if kind.live in ("choice", "choices", "checkbox"):  # their controls send nothing but what there is
        return
    wanted, found = by_server(kind, config, raw), by_page(browser, kind, config, raw)
    assert found == wanted or (found in (None, []) and wanted in (None, []))


@pytest.mark.parametrize("raw", EVERYWHERE)
def test_a_page_reads_whatever_is_typed_as_the_server_does(browser, raw):
    for kind in LIVE:
        if kind.live in ("number", "money", "percent", "date", "datetime", "text", "lines") and kind.type != "rating":
            assert by_page(browser, kind, {}, raw) == by_server(kind, {}, raw), kind.type


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_answer_is_kept_and_shown_as_the_server_does(browser, shape):
    spec = {"as": shape["type"]} | {name: value for name, value in shape.items() if name != "type"}
    for answer in ANSWERS:
        field = {"id": "x", "result": shape["type"], **{n: v for n, v in shape.items() if n != "type"}}
        try:
            wanted = stored_result(int(answer) if isinstance(answer, bool) else answer, field)
        except Rejected:
            wanted = None
        for language in ("zh", "en"):
            found = browser.ask(kept=[answer], spec=spec, language=language, zone="Asia/Shanghai")
            assert found["stored"] == wanted, (answer, shape)
            assert found["shown"] == shown(wanted, shape, language), (answer, shape)


def shown(stored, shape, language):
    if stored is None:
        return None
    with Flask("x").test_request_context(headers={"Accept-Language": language}):
        match shape["type"]:
            case "number":
                return figures.number(stored, shape)
            case "money":
                return figures.money(shape, stored)
            case "percent":
                return figures.percent(shape, stored)
            case "date":
                return figures.day(stored)
            case _:
                return str(stored)
