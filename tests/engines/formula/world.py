"""A small form with hostile rows, the same in Python and in both databases."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, SmallInteger, Table, Text, insert, select

from engines.core.formula.env import Env, micros
from engines.core.formula.faults import FormulaFault
from engines.core.formula.names import FieldRef, PlainNames, RelationRef
from engines.core.formula.python import compile_one, summarise
from engines.core.formula.sql import to_sql
from engines.core.formula.types import BOOLEAN, DATE, DATETIME, LINK_PERSON, NUMBER, TEXT, choice, list_of, money

ZONE = "Asia/Shanghai"


def at(text: str) -> int:
    from datetime import datetime

    return micros(datetime.fromisoformat(text))


NOW = at("2026-11-22T20:00:00+08:00")
ENV = Env(NOW, ZONE, user=7, roles=("agent",), departments=("north",))
TIER = choice(("vip", ("核心", "VIP")), ("active", ("活跃", "Active")), ("silent", ("沉默", "Silent")))
FIELDS = {
    "a": NUMBER,
    "b": NUMBER,
    "m": money(2),
    "s": TEXT,
    "u": TEXT,
    "p": BOOLEAN,
    "d": DATE,
    "e": DATE,
    "w": DATETIME,
    "x": DATETIME,
    "c": TIER,
    "owner": LINK_PERSON,
    "tags": list_of(TIER),
    "created_at": DATETIME,
}
LABELS = {
    "m": {"zh": "累计消费", "en": "Total spend"},
    "s": {"zh": "昵 称", "en": "Nick name"},
    "a": {"zh": "评分", "en": "Score"},
}
ORDER_FIELDS = {
    "amount": money(2),
    "status": choice(("paid", ("已付", "Paid")), ("open", ("未付", "Open"))),
    "created_at": DATETIME,
    "a": NUMBER,
}
ORDERS = PlainNames({key: FieldRef(key, kind) for key, kind in ORDER_FIELDS.items()})
CITY = PlainNames.of(name=TEXT, size=NUMBER)
NAMES = PlainNames(
    {key: FieldRef(key, kind, LABELS.get(key, {})) for key, kind in FIELDS.items()},
    {
        "orders": RelationRef("orders", ORDERS, True, {"zh": "订单", "en": "Orders"}),
        "city": RelationRef("city", CITY, False, {"zh": "城市", "en": "City"}),
    },
)
HOSTILE = [
    (1.0, 2.0, 1999, "abc", "b", 1, "2024-02-29", "2026-11-22", "2026-11-22T00:00:00+08:00", None, "vip", 7, ("vip",)),
    (None, None, None, None, None, None, None, None, None, None, None, None, ()),
    (
        0.0,
        0.0,
        0,
        None,
        "",
        0,
        "2026-10-23",
        "2026-01-31",
        "2026-10-23T23:59:59+08:00",
        "2026-11-22T20:00:00+08:00",
        "active",
        8,
        ("active", "silent"),
    ),
    (
        -7.0,
        2.0,
        -50,
        "李明VIP",
        "VIP",
        1,
        "1999-12-31",
        None,
        "1999-12-31T16:00:00+00:00",
        "2000-01-01T00:00:00+00:00",
        "silent",
        None,
        ("vip", "silent"),
    ),
    (
        2.5,
        0.1,
        100,
        "É",
        "é",
        None,
        None,
        "2024-03-01",
        None,
        "2026-11-22T19:59:59.999999+08:00",
        "vip",
        7,
        ("vip", "active", "silent"),
    ),
    (
        0.1,
        0.2,
        30,
        "A",
        "a",
        0,
        "2000-01-01",
        "2000-01-01",
        "2000-01-01T00:00:00+08:00",
        "2000-01-01T00:00:00+08:00",
        None,
        9,
        (),
    ),
    (
        1.005,
        -2.5,
        100000,
        "😀x",
        "x",
        1,
        "2026-11-22",
        "2026-11-21",
        "2026-11-21T23:00:00+08:00",
        None,
        "active",
        None,
        ("active",),
    ),
    (
        10000.0,
        10000.01,
        999999,
        " pad ",
        "pad",
        0,
        "2024-12-31",
        "2025-01-01",
        "2024-12-31T12:30:45+08:00",
        "2025-01-01T00:00:00+00:00",
        "vip",
        7,
        (),
    ),
    (
        1e9,
        3.0,
        1,
        "10",
        "9",
        1,
        "2025-02-28",
        "2024-02-29",
        "2025-02-28T01:00:00+08:00",
        "2024-02-29T08:00:00+08:00",
        "silent",
        8,
        ("silent",),
    ),
    (
        0.30000000000000004,
        5.0,
        None,
        "z",
        None,
        None,
        "2023-03-31",
        None,
        "2023-03-31T00:00:00+08:00",
        None,
        "active",
        None,
        ("vip",),
    ),
]
KEYS = ("a", "b", "m", "s", "u", "p", "d", "e", "w", "x", "c", "owner", "tags")


def facts_of(number: int, values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(KEYS, values, strict=True)) | {"_id": number}
    row |= {key: at(row[key]) for key in ("w", "x") if row[key]} | {"created_at": NOW - number}
    return row | {key: row[key] or None for key in ("s", "u")}


ROWS = [facts_of(number, values) for number, values in enumerate(HOSTILE, 1)]
BOUGHT = [
    {
        "_id": number,
        "_of": number % 3 + 1,
        "amount": amount,
        "status": status,
        "a": float(number),
        "created_at": NOW - number * 86_400_000_000 * 9,
    }
    for number, (amount, status) in enumerate(
        [(1000, "paid"), (None, "paid"), (250, "open"), (999, None), (0, "open"), (50, "paid")], 1
    )
]
CITIES = [{"_id": 1, "_of": 1, "name": "上海", "size": 3.0}, {"_id": 2, "_of": 2, "name": None, "size": None}]
SQL_TYPES = {"number": Double, "boolean": SmallInteger, "datetime": BigInteger, "link": BigInteger}


def column(key: str, kind: Any) -> Column[Any]:
    return Column(key, BigInteger if kind.scale else SQL_TYPES.get(kind.kind, Text))


@dataclass
class Form:
    """A place over one table."""

    table: Any
    relations: dict[str, "Form"] = field(default_factory=dict)
    tags: Any = None

    @property
    def key(self) -> Any:
        return self.table.c["_id"]

    def column(self, field_id: str) -> Any:
        return self.table.c[field_id]

    def link(self, field_id: str) -> Any:
        return self.tags, self.tags.c.record, self.tags.c.value

    def related(self, relation_id: str) -> Any:
        inner = self.relations[relation_id].table.alias()
        return inner, Form(inner), inner.c["_of"] == self.key


META = MetaData()
PLAIN = [(key, kind) for key, kind in FIELDS.items() if kind.kind != "list"]
PEOPLE = Table("people", META, Column("_id", Integer, primary_key=True), *(column(key, kind) for key, kind in PLAIN))
SALES = Table(
    "sales",
    META,
    Column("_id", Integer, primary_key=True),
    Column("_of", Integer),
    *(column(k, t) for k, t in ORDER_FIELDS.items()),
)
TOWNS = Table(
    "towns",
    META,
    Column("_id", Integer, primary_key=True),
    Column("_of", Integer),
    Column("name", Text),
    Column("size", Double),
)
TAGS = Table("tags", META, Column("record", Integer), Column("value", Text))
PLACE = Form(PEOPLE, {"orders": Form(SALES), "city": Form(TOWNS)}, TAGS)


def fill(connection: Any) -> None:
    META.create_all(connection)
    connection.execute(insert(PEOPLE), [{key: value for key, value in row.items() if key != "tags"} for row in ROWS])
    connection.execute(insert(TAGS), [{"record": row["_id"], "value": tag} for row in ROWS for tag in row["tags"]])
    connection.execute(insert(SALES), BOUGHT)
    connection.execute(insert(TOWNS), CITIES)
    connection.commit()


def full(row: dict[str, Any], checked: Any) -> dict[str, Any]:
    """The facts of a row with its city and its summaries."""
    towns = [town for town in CITIES if town["_of"] == row["_id"]]
    made = row | {f"city.{key}": town[key] for town in towns for key in ("name", "size")}
    for aggregate in checked.aggregates:
        rows = [sale for sale in BOUGHT if sale["_of"] == row["_id"]]
        made[aggregate.key] = summarise(aggregate, rows, row, ENV)
    return made


FAULT = "fault"


def in_python(checked: Any) -> list[Any]:
    run, found = compile_one(checked), []
    for row in ROWS:
        try:
            found.append(neat(run(full(row, checked), ENV), checked.type.kind))
        except FormulaFault:
            found.append(FAULT)
    return found


def in_browser(checked: Any, browser: Any) -> list[Any]:
    found = browser.answers(checked, [full(row, checked) for row in ROWS], ENV)
    return [FAULT if isinstance(one, FormulaFault) else neat(one, checked.type.kind) for one in found]


def in_database(checked: Any, connection: Any) -> list[Any]:
    made = to_sql(checked, PLACE, zone=ZONE)
    columns = [made.value.label("value")] + ([] if made.error is None else [made.error.label("error")])
    rows = connection.execute(select(*columns).select_from(PEOPLE).order_by(PEOPLE.c["_id"]), made.params(ENV)).all()
    return [FAULT if made.error is not None and row.error else neat(row.value, checked.type.kind) for row in rows]


def neat(value: Any, kind: str) -> Any:
    """Numbers to 12 digits, so that the last bits of a double do not count; out of range is a fault. Instants as near
    as a double tells them."""
    if value is None or value == "":
        return None
    if kind == "number":
        return FAULT if value - value != 0 else float(f"{value:.12g}") + 0.0
    if kind == "datetime":
        return float(value)
    return bool(value) if kind == "boolean" else value
