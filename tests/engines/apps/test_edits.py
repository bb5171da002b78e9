"""Whatever is edited can be taken back: the definition is as it was, to the letter."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.apps.edits import IdTaken, NoSuchPlace, apply_all, find
from engines.apps.ops import WrongPlace, changes_of, sections_of
from engines.core.kernel.errors import AppError

from .conftest import SHOP, field, label

FIELDS = [f["id"] for f in SHOP["forms"][0]["fields"]]
LAID_OUT = deepcopy(SHOP)
LAID_OUT["forms"][0]["layout"] = [
    {"id": "who", "label": label("Who"), "fields": ["name", "tags"]},
    {"id": "money", "label": label("Money"), "fields": ["total", "average"]},
]
BUYER = ("forms", "buyer")
names = st.sampled_from([*FIELDS, "new_a", "new_b"])
sections = st.sampled_from(["who", "money", "rest", "extra"])
index = st.integers(0, 9)
edits = st.one_of(
    st.tuples(st.just("add"), st.builds(lambda n, s, i: {"at": [*BUYER, "fields"], "value": field(n, "text"),
              "section": s, "index": i}, names, sections, index)),
    st.tuples(st.just("remove"), st.builds(lambda n: {"at": [*BUYER, "fields", n]}, names)),
    st.tuples(st.just("move"), st.builds(lambda n, s, i: {"at": [*BUYER, "fields", n], "section": s, "index": i},
              names, sections, index)),
    st.tuples(st.just("set"), st.builds(lambda n, w: {"at": [*BUYER, "fields", n, "width"], "value": w},
              names, st.sampled_from([None, 3, 12]))),
    st.tuples(st.just("duplicate"), st.builds(lambda n, m: {"at": [*BUYER, "fields", n], "id": m}, names, names)),
    st.tuples(st.just("rename"), st.builds(lambda n, m: {"at": [*BUYER, "fields", n], "id": m}, names, names)),
    st.tuples(st.just("wrap"), st.builds(lambda f: {"at": list(BUYER), "fields": f, "id": "extra",
              "label": label("Extra")}, st.lists(names, min_size=1, max_size=3, unique=True))),
    st.tuples(st.just("remove"), st.builds(lambda s: {"at": [*BUYER, "layout", s]}, sections)),
    st.tuples(st.just("move"), st.builds(lambda i, j: {"at": ["rules", str(i)], "index": j}, st.integers(0, 3), index)),
    st.tuples(st.just("add"), st.builds(lambda i: {"at": ["dashboards"], "value": {"id": f"d{i}", "label": label("D")}},
              index)),
    st.tuples(st.just("set"), st.just({"at": ["tables", "tiers", "rows", "0", "then"], "value": "silver"})),
    st.tuples(st.just("remove"), st.just({"at": ["forms", "note"]})),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([SHOP, LAID_OUT]), st.lists(edits, max_size=12))
def test_undoing_every_edit_gives_back_the_original_and_redoing_gives_the_same(start, wanted):
    before, here, done = deepcopy(start), start, []
    for op, args in wanted:
        try:
            changes = changes_of(here, op, args)
            here, back = apply_all(here, changes)
        except AppError:
            continue
        done.append((changes, back))
        _whole(here["forms"])
    after = deepcopy(here)
    for _, back in reversed(done):
        here, _ = apply_all(here, back)
    assert here == before
    assert start == before, "nobody writes into what an edit started from"
    for changes, _ in done:
        here, _ = apply_all(here, changes)
    assert here == after


def _whole(forms):
    """Every field is shown once, and no section shows one that is not there."""
    buyer = next(form for form in forms if form["id"] == "buyer")
    shown = [name for one in sections_of(buyer) for name in one["fields"]]
    assert sorted(shown) == sorted(f["id"] for f in buyer["fields"])


def test_a_new_field_stands_where_it_was_dropped():
    args = {"at": [*BUYER, "fields"], "value": field("rating", "rating"), "section": "who", "index": 1}
    made, _ = apply_all(LAID_OUT, changes_of(LAID_OUT, "add", args))
    assert find(made, [*BUYER, "layout", "who", "fields"]) == ["name", "rating", "tags"]


def test_without_sections_the_order_is_that_of_the_fields():
    args = {"at": [*BUYER, "fields", "seen"], "section": "rest", "index": 0}
    made, _ = apply_all(SHOP, changes_of(SHOP, "move", args))
    assert [f["id"] for f in made["forms"][0]["fields"]][:2] == ["seen", "name"]


def test_fields_wrapped_into_a_section_leave_the_others_around_them():
    args = {"at": list(BUYER), "fields": ["tier", "seen"], "id": "new", "label": label("New")}
    made, _ = apply_all(SHOP, changes_of(SHOP, "wrap", args))
    assert [one["fields"] for one in made["forms"][0]["layout"]] == [
        ["name", "tags"],
        ["tier", "seen"],
        ["total", "orders_count", "average", "score"],
    ]


def test_several_edits_are_one_and_go_back_as_one():
    changes = [
        {"do": "insert", "at": [*BUYER, "fields"], "index": 0, "value": field("rating", "rating")},
        {"do": "set", "at": [*BUYER, "fields", "rating", "id"], "value": "stars"},
    ]
    made, back = apply_all(SHOP, changes_of(SHOP, "several", {"at": list(BUYER), "changes": changes}))
    assert find(made, [*BUYER, "fields", "stars"])["type"] == "rating"
    assert apply_all(made, back)[0] == SHOP


@pytest.mark.parametrize(
    ("op", "args", "error"),
    [
        ("set", {"at": ["forms", "gone", "label"], "value": 1}, NoSuchPlace),
        ("add", {"at": [*BUYER, "fields"], "value": field("name", "text")}, IdTaken),
        ("move", {"at": [*BUYER, "fields", "name"], "section": "nowhere", "index": 0}, WrongPlace),
        ("move", {"at": [*BUYER, "label"], "index": 0}, WrongPlace),
        ("rename", {"at": [*BUYER, "fields", "name"], "id": "tags"}, IdTaken),
    ],
)
def test_an_edit_that_goes_nowhere_says_so(op, args, error):
    with pytest.raises(error):
        apply_all(SHOP, changes_of(SHOP, op, args))
