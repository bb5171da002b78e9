"""A small shop: buyers, their orders, a tier that a table gives, tags that rules give, a note on becoming VIP."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.records import query
from engines.form import submit


def label(text):
    return {"zh": text, "en": text}


def options(*ids):
    return [{"id": one, "label": label(one.title())} for one in ids]


def field(name, kind, **more):
    return {"id": name, "type": kind, "label": label(name), **more}


BUYER = {
    "id": "buyer",
    "label": label("Buyer"),
    "fields": [
        field("name", "text", required=True),
        field("tags", "tags", options=options("vip", "sleeping", "nice")),
        field("tier", "select", options=options("gold", "silver", "none")),
        field("seen", "date"),
        field("total", "rollup", relation="orders", aggregate="sum", field="amount", where='status = "paid"',
              result="money"),
        field("orders_count", "rollup", relation="orders", aggregate="count"),
        field("average", "formula", formula="total / orders_count", result="money"),
        field("score", "formula", formula="average * 2", result="number"),
    ],
}  # fmt: skip
ORDER = {
    "id": "sale",
    "label": label("Order"),
    "fields": [
        field("no", "autonumber", format="S-{000}"),
        field("buyer", "relation", form="buyer", reverse={"id": "orders", "label": label("Orders")}),
        field("amount", "money"),
        field("status", "select", options=options("open", "paid")),
        field("at", "date"),
        field("buyer_tier", "lookup", relation="buyer", field="tier",
              result={"type": "select", "options": options("gold", "silver", "none")}),
    ],
}  # fmt: skip
NOTE = {
    "id": "note",
    "label": label("Note"),
    "fields": [field("title", "text"), field("about", "relation", form="buyer")],
}
RULES = [
    {
        "id": "vip",
        "label": {"zh": "满 5000 是 VIP", "en": "VIP above 5000"},
        "form": "buyer",
        "kind": "state",
        "when": "total > 5000",
        "then": [{"type": "add_tag", "field": "tags", "tag": "vip"}],
    },
    {
        "id": "sleeping",
        "label": label("Asleep"),
        "form": "buyer",
        "kind": "state",
        "when": "DAYS_SINCE(seen) >= 30",
        "then": [{"type": "add_tag", "field": "tags", "tag": "sleeping"}],
    },
    {
        "id": "invite",
        "label": label("Invite"),
        "form": "buyer",
        "kind": "event",
        "when": 'HAS(tags, "vip")',
        "then": [{"type": "create_record", "form": "note", "link": "about",
                  "values": [{"field": "title", "formula": "name & \" is VIP\""}]}],
    },
]  # fmt: skip
TABLES = [
    {
        "id": "tiers",
        "label": label("Tiers"),
        "form": "buyer",
        "sets": "tier",
        "hit": "first",
        "inputs": [
            {"label": label("Spent"), "formula": "total"},
            {"label": label("Orders"), "formula": "orders_count"},
        ],
        "rows": [{"when": ["> 5000", "-"], "then": "gold"}, {"when": ["(0..5000]", ">= 2"], "then": "silver"}],
        "default": "none",
    }
]
SHOP = {
    "id": "shop",
    "version": "1.0.0",
    "name": label("Shop"),
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [BUYER, ORDER, NOTE],
    "rules": RULES,
    "tables": TABLES,
}


class Shop:
    """The shop as a test drives it."""

    def __init__(self, platform, app):
        self.platform, self.app = platform, app

    def make(self, form, **values):
        return self.platform.run(SYSTEM, lambda uow: submit.create_record(uow, self.app.form(form), values)).id

    def edit(self, form, record, **values):
        self.platform.run(SYSTEM, lambda uow: submit.change_record(uow, self.app.form(form), record, values))

    def bin(self, form, record):
        self.platform.run(SYSTEM, lambda uow: submit.delete_record(uow, self.app.form(form), record))

    def get(self, form, record):
        return self.platform.look(SYSTEM, lambda look: query.one(look, self.app.form(form).source, record))

    def all(self, form):
        return self.platform.look(
            SYSTEM, lambda look: query.page(look, self.app.form(form).source, query.Ask(limit=500)).rows
        )


@pytest.fixture
def shop(platform):
    return Shop(platform, platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP)))
