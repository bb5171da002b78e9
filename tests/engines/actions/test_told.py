"""What steps and actions say of themselves in one line, in both languages."""

import pytest

from engines.core.actions import action_types
from engines.core.actions.told import Names, long, who
from engines.flow import node_types


def label(zh, en):
    return {"zh": zh, "en": en}


NAMES = Names(
    fields={
        "owner": {"label": label("负责人", "Owner")},
        "due": {"label": label("到期日", "Due")},
        "stage": {"label": label("阶段", "Stage"), "options": [{"id": "won", "label": label("成交", "Won")}]},
    },
    roles={"boss": label("经理", "Manager")},
    forms={"note": label("备注", "Notes")},
    people={3: "May"},
)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("PT24H", "1 天", "1 d"),
        ("PT90M", "90 分钟", "90 min"),
        ("P2W", "2 周", "2 w"),
        ("-P3D", "3 天", "3 d"),
        ("?", "?", "?"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_whole_unit(text, zh, en):
    assert long(text) == label(zh, en)


@pytest.mark.parametrize(
    ("assign", "zh", "en"),
    [
        ([{"role": "boss"}], "经理", "Manager"),
        ([{"supervisor": "starter"}], "发起人的上级", "supervisor of whoever started it"),
        (
            [{"supervisor": "field:owner"}, {"admin": True}],
            "负责人的上级、管理员",
            "supervisor of Owner, an administrator",
        ),
        ([{"users": [3, "bob"]}], "May、bob", "May, bob"),
        ([{"role": "gone"}], "gone", "gone"),
    ],
)  # fmt: skip
def test_an_assignment_is_said_by_who_is_meant(assign, zh, en):
    assert who(assign, NAMES) == label(zh, en)


BOSS = {"assign": [{"role": "boss"}]}
LATE = [{"after": "PT2H", "do": "remind"}, {"after": "PT24H", "do": "escalate"}]
DAY = {"at": {"field": "due", "offset": "-P3D", "time": "09:00"}}
WON = {"do": {"type": "set_field", "values": [{"field": "stage", "value": "won"}]}}
LINES = [
    ("approve", BOSS | {"deadlines": LATE}, "经理 · 1 天后升级", "Manager · escalates after 1 d"),
    ("handle", {"assign": [{"field": "owner"}]}, "负责人", "Owner"),
    ("wait", {"for": "PT2H"}, "2 小时", "2 h"),
    ("wait", DAY, "到期日 前 3 天 09:00", "Due 3 d before 09:00"),
    ("join", {"wait": "some", "count": 2}, "到够 2 个", "2 of them"),
    ("end", {"state": "rejected"}, "未通过", "Rejected"),
    ("action", WON, "阶段 = 成交", "Stage = Won"),
]


@pytest.mark.parametrize(("kind", "settings", "zh", "en"), LINES)
def test_a_step_says_what_it_does_in_one_line(kind, settings, zh, en):
    assert node_types.get(kind).line(settings, NAMES) == label(zh, en)


@pytest.mark.parametrize("kind", list(node_types), ids=lambda kind: kind.type)
def test_every_step_can_say_its_examples_and_itself_without_settings(kind):
    for settings in ({}, *(example[0] for example in kind.examples)):
        assert set(kind.line(settings, Names())) <= {"zh", "en"}


@pytest.mark.parametrize("kind", list(action_types), ids=lambda kind: kind.type)
def test_every_action_says_its_examples(kind):
    for settings, *_ in kind.examples:
        assert all(kind.line(settings, NAMES).values())
