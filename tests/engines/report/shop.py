"""A shop with made-up orders, kept twice: in the workspace, and as plain rows that the tests count by themselves."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM
from engines.core.kernel import clock
from engines.form import submit
from engines.report.run import run

from ...conftest import ROOT

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 10, 40, tzinfo=SHANGHAI)
LEVELS, CHANNELS, STATUSES = (
    ("high", "middle", "low", None),
    ("web", "shop", "phone", None),
    ("paid", "open", "cancelled"),
)
ITEMS = ("tea", "cup", "pot", "tray", "spoon", "filter", "kettle")
PROVINCES = ("Zhejiang", "Sichuan", None)


def micros(moment):
    return int(moment.timestamp()) * 1_000_000


class Shop:
    """`orders` are dicts of plain values with local moments; `ids` by order number."""

    def __init__(self, platform, *, zone="Asia/Shanghai", count=160, seed=7):
        self.platform, self.zone, self.dice = platform, ZoneInfo(zone), random.Random(seed)
        definition = read_folder(ROOT / "tests" / "apps" / "shop") | {"zone": zone}
        self.app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
        self.buyers, self.orders, self.visits = [], [], []
        with clock.frozen(micros(NOW)):
            platform.run(SYSTEM, lambda uow: self._fill(uow, count))

    def _fill(self, uow, count):
        cities = [self._put(uow, "city", {"name": f"C{n}", "province": p}) for n, p in enumerate(PROVINCES)]
        for n in range(12):
            place = self.dice.randrange(4)
            buyer = {
                "name": f"B{n}",
                "level": self.dice.choice(LEVELS),
                "tags": sorted(self.dice.sample(["vip", "new", "quiet"], self.dice.randrange(3))),
                "stage": self.dice.choice(["seen", "asked", "bought", None]),
                "city": cities[place] if place < 3 else None,
            }
            number = self._put(uow, "buyer", buyer)
            self.buyers.append(buyer | {"id": number, "province": PROVINCES[place] if place < 3 else None})
        for n in range(count):
            self._order(uow, n)
            if n % 2:
                self._visit(uow)

    def _order(self, uow, n):
        who = self.dice.choice([*self.buyers, None])
        at = datetime(2025, 10, 1, tzinfo=UTC) + timedelta(seconds=self.dice.randrange(420 * 86400))
        order = {
            "no": f"N{n}",
            "buyer": who and who["id"],
            "channel": self.dice.choice(CHANNELS),
            "status": self.dice.choice(STATUSES),
            "amount": self.dice.choice([None, *(self.dice.randrange(100, 99999) / 100 for _ in range(6))]),
            "weight": self.dice.choice([None, self.dice.randrange(1, 500) / 8]),
            "item": self.dice.choices(ITEMS, (40, 20, 12, 9, 7, 3, 1))[0],
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ship": (at + timedelta(days=3)).date().isoformat() if n % 5 else None,
            "gift": self.dice.random() < 0.3,
        }
        number = self._put(uow, "order", order)
        extra = {"id": number, "local": at.astimezone(self.zone).replace(tzinfo=None), "who": who}
        self.orders.append(order | extra)

    def _visit(self, uow):
        who = self.dice.choice(self.buyers)
        at = datetime(2025, 10, 1, tzinfo=UTC) + timedelta(seconds=self.dice.randrange(420 * 86400))
        visit = {"buyer": who["id"], "source": self.dice.choice(CHANNELS), "seen_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        self._put(uow, "visit", visit)
        self.visits.append(visit | {"local": at.astimezone(self.zone).replace(tzinfo=None), "who": who})

    def _put(self, uow, form, given):
        change = submit.create_record(uow, self.app.form(form), given)
        uow.settle()
        return change.id

    def run(self, report, params=None, **options):
        """The frame of a report, at NOW."""
        with clock.frozen(micros(NOW)):
            return self.platform.look(SYSTEM, lambda look: run(look, self.app, report, params, **options))

    @property
    def kept(self):
        """What the dataset's filter leaves."""
        return [o for o in self.orders if o["status"] != "cancelled"]


def grouped(rows, *keys):
    """{key values: rows}; a key is a name or a function."""
    found = defaultdict(list)
    for row in rows:
        found[tuple(key(row) if callable(key) else row[key] for key in keys)].append(row)
    return found


def cells(frame, *, dims):
    """{dimension values: the rest of the row}."""
    return {tuple(row[:dims]): row[dims:] for row in frame.rows}


def report(**parts):
    """A report over the shop's orders."""
    return {"id": "r", "title": {"en": "R"}, "dataset": "ds_orders", **parts}
