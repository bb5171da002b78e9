"""A small app with one of everything a designer designs, for tests of what goes wrong in front of one."""

import json
from copy import deepcopy

from playwright.sync_api import expect

from engines.apps import draft
from engines.apps.platform import SYSTEM
from engines.form import submit

from ..engines.flow.conftest import flow
from ..engines.rule.conftest import SHOP, field, label

LONG = "客户在直播间里第一次表示对高端系列感兴趣时所看的那一场主播姓名"
"""Thirty Chinese characters, as people really name fields."""
MANY = [{"id": f"o{n}", "label": {"zh": f"第 {n} 家门店", "en": f"Store {n}"}} for n in range(400)]
COUNTED = {"id": "counted", "label": label("Counted"), "source": "buyer",
           "measures": [{"id": "heads", "label": label("Heads"), "agg": "count", "where": "total > 0"}]}  # fmt: skip
REPORT = {"id": "tiers", "title": label("Tiers"), "dataset": "counted", "rows": [{"field": "tier"}],
          "values": [{"measure": "heads"}], "chart": {"type": "bar"}}  # fmt: skip
BOARD = {"id": "board", "title": label("Board"), "widgets": [{"id": "w1", "report": "tiers", "at": [0, 0, 6, 5]}]}
STEPS = [{"id": "call", "type": "handle", "assign": [{"starter": True}]},
         {"id": "look", "type": "handle", "assign": [{"starter": True}]}]  # fmt: skip


def definition(**more):
    """`more` replaces parts of fields of the buyer, by their id."""
    made = deepcopy(SHOP)
    buyer = made["forms"][0]
    buyer["fields"] += [
        field("long", "text", width=3) | {"label": {"zh": LONG, "en": LONG}},
        field("store", "select", options=[{"id": "one", "label": label("One")}]),
        field("lines", "subform", fields=[field("item", "text"), field("qty", "number")]),
    ]
    buyer["layout"] = [
        {"id": "main", "label": label("Main"), "fields": ["name", "long", "store", "lines"]},
        {"id": "more", "label": label("More"), "fields": ["seen"]},
    ]
    buyer["fields"] = [one | more.get(one["id"], {}) for one in buyer["fields"]]
    made["flows"] = [flow("welcome", {"type": "record_created"}, STEPS)]
    made["flows"][0] |= {"form": "buyer", "off": True}
    made |= {"datasets": [COUNTED], "reports": [REPORT], "dashboards": [BOARD]}
    return json.loads(json.dumps(made))


class Workshop:
    """The app on its server, and the page of its builder, which is in Chinese."""

    def __init__(self, platform, page, home):
        self.platform, self.page, self.home = platform, page, home
        self.publish()

    def publish(self, **more):
        made = definition(**more)
        self.app = self.platform.run(SYSTEM, lambda uow: self.platform.catalog.publish(uow, made))

    def open(self, path):
        """A designer; back when its scripts listen."""
        self.page.goto(f"{self.home}/build/shop/{path}")
        expect(self.page.locator("#problems-dd [data-n]")).not_to_have_text("…")

    def draft(self):
        return self.platform.look(SYSTEM, lambda look: draft.current(look, "shop"))

    def part(self, kind, name):
        return next(one for one in self.draft().definition[kind] if one["id"] == name)

    def field(self, form, name):
        return next(one for one in self.part("forms", form)["fields"] if one["id"] == name)

    def edit(self, op, **args):
        """Somebody else was faster: the draft moves on without the page."""
        return self.platform.run(SYSTEM, lambda uow: draft.edit(uow, "shop", op, args))

    def make(self, **values):
        form = self.app.form("buyer")
        return self.platform.run(SYSTEM, lambda uow: submit.create_record(uow, form, values)).id

    def spot(self, name):
        return self.page.locator(f"[data-test='{name}']")
