"""Demo data by recipe: the same every time, exact where it says so, gone without a trace."""

import copy
import datetime
from zoneinfo import ZoneInfo

import pytest

from engines.apps.demo import Demo, NoDemo
from engines.apps.demo.days import Calendar
from engines.apps.demo.draws import Stream, deal, share
from engines.apps.demo.make import make
from engines.apps.demo.values import BadRecipe, Kitchen
from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.kernel import clock
from engines.core.kernel.errors import BadDefinition
from engines.core.records import history, marks, query
from engines.form import submit

ZONE = ZoneInfo("Asia/Shanghai")
NOW = int(datetime.datetime(2026, 11, 27, 14, 30, tzinfo=ZONE).timestamp()) * 1_000_000


def label(text):
    return {"zh": text, "en": text}


def field(name, kind, **more):
    return {"id": name, "type": kind, "label": label(name), **more}


SIZES = [{"id": size, "label": label(size)} for size in ("big", "small")]
PAID = {"relation": "meals", "aggregate": "sum", "field": "price", "result": "money"}
APP = {
    "id": "inn",
    "version": "1.0.0",
    "name": label("Inn"),
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [
        {
            "id": "guest",
            "label": label("Guests"),
            "fields": [
                field("name", "text"),
                field("size", "select", options=SIZES),
                field("marks", "tags", options=SIZES),
                field("host", "person"),
                field("spent", "rollup", **PAID),
                field("last", "rollup", relation="meals", aggregate="max", field="at", result="datetime"),
            ],
        },
        {
            "id": "meal",
            "label": label("Meals"),
            "fields": [
                field("no", "autonumber", format="M-{yyyymmdd}-{00}"),
                field("guest", "relation", form="guest", reverse={"id": "meals", "label": label("Meals")}),
                field("price", "money"),
                field("at", "datetime"),
                field("lines", "subform", fields=[field("dish", "text"), field("n", "number")]),
            ],
        },
    ],
    "roles": [{"id": "waiter", "label": label("Waiter"), "forms": {}}],
    "rules": [
        {
            "id": "heavy",
            "label": label("Spent a lot"),
            "form": "guest",
            "kind": "state",
            "when": "spent > 100",
            "then": [{"type": "add_tag", "field": "marks", "tag": "big"}],
        },
        {
            "id": "thanks",
            "label": label("Thank them"),
            "form": "guest",
            "kind": "event",
            "when": "spent > 100",
            "then": [{"type": "set_field", "values": [{"field": "name", "value": "thanked"}]}],
        },
    ],
}
RECIPE = {
    "seed": 7,
    "words": {"noun": {"zh": ["茶", "雨", "灯"], "en": ["tea", "rain", "lamp"]}},
    "departments": [{"id": "hall", "name": label("Hall"), "head": "boss"}],
    "people": [
        {"id": "boss", "name": label("Boss"), "department": "hall"},
        {"id": "ann", "name": {"zh": "安", "en": "Ann"}, "department": "hall", "roles": ["waiter"]},
    ],
    "make": [
        {
            "id": "guests",
            "form": "guest",
            "count": 40,
            "let": {"kind": {"deal": {"often": 1, "once": 3}}},
            "plant": [{"note": "one", "after": "kind", "where": {"kind": "often"}, "count": 1, "set": {"name": "Zoe"}}],
            "set": {
                "name": {"words": {"zh": ["{noun}{n}"], "en": ["{noun}{n}"]}, "unique": True},
                "size": {"pick": {"big": 1, "small": 2}},
                "marks": {"some": {"small": 0.5}},
                "host": "ann",
            },
            "at": {"day": {"whole": [-90, -60]}, "time": "10:00"},
        },
        {
            "id": "meals",
            "form": "meal",
            "per": "guests",
            "as": "who",
            "count": {"group": "kind", "of": {"often": {"total": 100, "least": 4}, "once": 1}},
            "rows": {"lines": {"count": 2, "set": {"dish": {"words": ["{noun}"]}, "n": {"get": "k"}}}},
            "set": {
                "guest": {"get": "who"},
                "price": {"whole": [10, 20]},
                "at": {"plus": [{"get": "who._at"}, {"days": {"range": [0, 50]}}, 0.5]},
            },
            "at": {"get": "at"},
        },
    ],
}


@pytest.fixture
def inn(platform):
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    return platform


def load(platform, language="zh", recipe=RECIPE, now=NOW):
    with clock.frozen(now):
        return Demo(platform, "inn").load(recipe, language=language)


def rows(platform, form):
    """Plain values of all records of a form, in the order of their ids."""

    def read(look):
        found = look.apps.app("inn").form(form)
        page = query.page(look, found.source, query.Ask(limit=500))
        return sorted((found.plain(row) | {"_id": row["_id"]} for row in page.rows), key=lambda row: row["_id"])

    return platform.look(SYSTEM, read)


def test_counts_are_exact_and_each_kind_gets_its_share(inn):
    assert load(inn) == {"guest": 40, "meal": 130}
    per_guest = [row["spent"] is not None for row in rows(inn, "guest")]
    assert per_guest == [True] * 40


def test_the_same_recipe_on_the_same_day_makes_the_same_data(inn):
    load(inn)
    first = [{k: v for k, v in row.items() if k not in ("_id", "guest", "lines")} for row in rows(inn, "meal")]
    load(inn)
    again = [{k: v for k, v in row.items() if k not in ("_id", "guest", "lines")} for row in rows(inn, "meal")]
    assert first == again


def test_another_language_has_other_words_and_the_same_numbers(inn):
    load(inn, "zh")
    zh = rows(inn, "guest")
    load(inn, "en")
    en = rows(inn, "guest")
    assert [row["spent"] for row in zh] == [row["spent"] for row in en]
    assert {row["name"][0] for row in zh} <= {"茶", "雨", "灯", "Z"}
    assert all(row["name"].isascii() for row in en)


def test_numbers_do_not_depend_on_the_day_of_installation(inn):
    load(inn)
    before = sorted(row["price"] for row in rows(inn, "meal"))
    load(inn, now=NOW + 100 * 86_400_000_000)
    assert sorted(row["price"] for row in rows(inn, "meal")) == before


def test_computed_values_and_tags_of_rules_are_there_and_event_rules_kept_still(inn):
    load(inn)
    for row in rows(inn, "guest"):
        assert ("big" in row["marks"]) == (row["spent"] > 100)
        assert row["name"] != "thanked"


def test_a_rule_acts_again_only_when_its_condition_comes_true_anew(inn):
    load(inn)
    rich = next(row for row in rows(inn, "guest") if row["spent"] > 100)
    add = {"guest": rich["_id"], "price": 50}
    inn.run(SYSTEM, lambda uow: submit.create_record(uow, uow.apps.form("inn", "meal"), add))
    assert next(row["name"] for row in rows(inn, "guest") if row["_id"] == rich["_id"]) == rich["name"]
    poor = next(row for row in rows(inn, "guest") if row["spent"] < 100)
    inn.run(
        SYSTEM,
        lambda uow: submit.create_record(uow, uow.apps.form("inn", "meal"), add | {"guest": poor["_id"], "price": 99}),
    )
    assert next(row["name"] for row in rows(inn, "guest") if row["_id"] == poor["_id"]) == "thanked"


def test_records_are_known_as_demo_data_and_by_their_history(inn):
    load(inn)
    one = rows(inn, "guest")[5]["_id"]
    assert inn.look(SYSTEM, lambda look: marks.is_demo(look, "inn__guest", one))
    source = inn.look(SYSTEM, lambda look: look.apps.form("inn", "guest")).source
    made = inn.look(SYSTEM, lambda look: history.events(look, source, one))[-1]
    assert (made["what"], made["cause"]) == ("create", "demo")
    mine = inn.run(SYSTEM, lambda uow: submit.create_record(uow, uow.apps.form("inn", "guest"), {"name": "Me"})).id
    assert not inn.look(SYSTEM, lambda look: marks.is_demo(look, "inn__guest", mine))


def test_clearing_leaves_what_people_entered_and_lets_it_let_go(inn):
    load(inn)
    guest = rows(inn, "guest")[0]["_id"]
    add = {"guest": guest, "price": 5}
    mine = inn.run(SYSTEM, lambda uow: submit.create_record(uow, uow.apps.form("inn", "meal"), add)).id
    assert Demo(inn, "inn").clear() == 170
    assert rows(inn, "guest") == []
    [left] = rows(inn, "meal")
    assert (left["_id"], left["price"], left["guest"]) == (mine, 5.0, None)


def test_what_is_loaded_again_never_takes_an_id_that_was_used(inn):
    load(inn)
    before = {row["_id"] for row in rows(inn, "guest")}
    Demo(inn, "inn").clear()
    load(inn)
    assert not before & {row["_id"] for row in rows(inn, "guest")}


def test_restore_makes_it_again_as_of_today(inn):
    load(inn)
    with clock.frozen(NOW + 10 * 86_400_000_000):
        made = Demo(inn, "inn").reset()
    assert made == {"guest": 40, "meal": 130}
    assert max(row["at"] for row in rows(inn, "meal")) > "2026-10-20"


def test_restore_without_demo_data_says_so(inn):
    with pytest.raises(NoDemo):
        Demo(inn, "inn").reset()


def test_a_load_that_was_cut_short_is_cleared_by_the_next(inn, monkeypatch):
    def broken(self, form, rows):
        raise KeyboardInterrupt

    monkeypatch.setattr(Demo, "_settle", broken)
    with pytest.raises(KeyboardInterrupt):
        load(inn)
    monkeypatch.undo()
    state = inn.look(SYSTEM, lambda look: marks.load_of(look, "inn"))
    assert (state.done, state.whole) == (170, False)
    load(inn)
    assert len(rows(inn, "guest")) == 40
    assert inn.look(SYSTEM, lambda look: marks.load_of(look, "inn")).whole


def test_a_restore_that_was_cut_short_while_clearing_is_known(inn, monkeypatch):
    def broken(self, app, mark):
        raise KeyboardInterrupt

    load(inn)
    monkeypatch.setattr(Demo, "_erase", broken)
    with pytest.raises(KeyboardInterrupt):
        Demo(inn, "inn").reset()
    assert not inn.look(SYSTEM, lambda look: marks.load_of(look, "inn")).whole


def test_staff_stand_in_their_department_with_their_role(inn):
    load(inn, "en")
    found = {one["name"]: one for one in inn.look(SYSTEM, lambda look: people.everyone(look.session))}
    ann, boss = found["ann.demo"], found["boss.demo"]
    assert (ann["display"], ann["roles"]) == ("Ann", [("", "member"), ("inn", "waiter")])
    assert ann["departments"] == boss["departments"] != []
    assert inn.look(SYSTEM, lambda look: people.supervisor_of(look.session, ann["id"])) == boss["id"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda r: r["make"][0]["set"].update(colour="red"), "/make/0/set/colour"),
        (lambda r: r["make"][1].update(per="nobody"), "/make/1"),
        (lambda r: r["make"][0].update(form="room"), "/make/0/form"),
        (lambda r: r["make"][0].pop("count"), "/make/0"),
    ],
)
def test_a_recipe_that_does_not_fit_the_app_is_refused_with_its_path(inn, change, path):
    recipe = copy.deepcopy(RECIPE)
    change(recipe)
    with pytest.raises(BadDefinition) as refused:
        load(inn, recipe=recipe)
    assert path in [where for where, _words in refused.value.problems]


def kitchen(**more):
    calendar = Calendar(NOW, ZONE, more.get("days", {}), more.get("seasons", {}))
    return Kitchen(1, "en", calendar, {})


def batch(**more):
    """The rows that one batch makes."""
    return make({"make": [{"id": "b", "form": "f", **more}]}, kitchen())["f"]


def test_an_unknown_value_is_named():
    with pytest.raises(BadRecipe, match="dice"):
        batch(count=1, set={"x": {"dice": 6}})


def test_planted_rows_that_nobody_fits_are_an_error():
    plant = [{"note": "n", "after": "x", "where": {"x": 9}, "count": 1, "set": {}}]
    with pytest.raises(BadRecipe, match="1 rows asked for"):
        batch(count=3, set={"x": 1}, plant=plant)


def test_a_deal_is_exact_and_a_share_adds_up():
    assert sorted(deal(Stream("a"), {"x": 1, "y": 2}, 9)) == ["x"] * 3 + ["y"] * 6
    parts = share(100, [5, 1, 1, 1, 100], least=2, most=60)
    assert (sum(parts), min(parts), max(parts)) == (100, 6, 60)
    with pytest.raises(ValueError, match="cannot be shared"):
        share(3, [1, 1], least=2)


def test_weekly_meetings_leave_out_the_quietest_days():
    seasons = {"s": [{"on": "11-11", "from": -3, "to": 3, "times": 0.1}]}
    found = Calendar(NOW, ZONE, {}, seasons).weekly(
        {"weekdays": [2, 4, 6], "time": "20:00", "within_days": 28, "keep": 9, "season": "s"}
    )
    days = [datetime.datetime.fromtimestamp(at / 1e6, ZONE) for at, _weight in found]
    assert len(days) == 9
    assert {day.isoweekday() for day in days} == {2, 4, 6}
    assert not [day for day in days if day.month == 11 and 8 <= day.day <= 14]


def test_streams_of_different_names_do_not_disturb_each_other():
    alone, mixed, other = Stream(1, "a"), Stream(1, "a"), Stream(1, "b")
    drawn = [(mixed.unit(), other.unit()) for _ in range(3)]
    assert [first for first, _second in drawn] == [alone.unit() for _ in range(3)]
    assert all(first != second for first, second in drawn)
