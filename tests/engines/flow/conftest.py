"""A small app with deals, people with roles and a chain of command, and flows that each test writes down itself."""

from contextlib import contextmanager
from itertools import pairwise

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import commands, departments, people
from engines.core.jobs import incidents, worker
from engines.core.kernel import clock
from engines.core.kernel.work import Actor
from engines.core.messages import notices
from engines.core.records import query
from engines.flow import inbox, tasks
from engines.form import submit

T0 = 1_790_000_000_000_000
MINUTE = 60 * 1_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def label(text):
    return {"zh": text, "en": text}


def option(name):
    return {"id": name, "label": label(name)}


FORM = {
    "id": "deal",
    "label": label("Deals"),
    "title": "name",
    "fields": [
        {"id": "name", "type": "text", "label": label("Name"), "required": True},
        {
            "id": "stage",
            "type": "select",
            "label": label("Stage"),
            "options": [option(n) for n in ("new", "won", "lost")],
        },
        {"id": "amount", "type": "money", "label": label("Amount"), "currency": "CNY"},
        {"id": "score", "type": "number", "label": label("Score")},
        {"id": "tags", "type": "tags", "label": label("Tags"), "options": [option(n) for n in ("hot", "cold")]},
        {"id": "due", "type": "date", "label": label("Due")},
        {"id": "owner", "type": "person", "label": label("Owner")},
        {"id": "team", "type": "department", "label": label("Team")},
        {"id": "email", "type": "text", "label": label("Email")},
    ],
}
ROLES = [
    {"id": name, "label": label(name), "forms": {"deal": {"actions": "*", "rows": "all"}}}
    for name in ("seller", "boss")
]


def app_with(*flows):
    return {
        "id": "shop",
        "version": "1.0.0",
        "name": label("Shop"),
        "languages": ["zh", "en"],
        "zone": "Asia/Shanghai",
        "forms": [FORM],
        "roles": ROLES,
        "flows": list(flows),
    }


def flow(name, trigger, nodes, edges=None):
    """Nodes in a row end in `end` unless edges say otherwise: (from, to[, port[, when]])."""
    if edges is None:
        ids = ["start", *(node["id"] for node in nodes), "end"]
        edges = list(pairwise(ids))
    drawn = []
    for n, (source, target, *more) in enumerate(edges):
        port, when = [*more, None, None][:2]
        edge = {"id": f"e{n}", "from": source, "to": target, "port": port, "when": when}
        drawn.append({key: value for key, value in edge.items() if value is not None})
    ends = [{"id": "end", "type": "end"}] if any(e["to"] == "end" for e in drawn) else []
    return {
        "id": name,
        "label": label(name),
        "form": "deal",
        "trigger": trigger,
        "nodes": [*nodes, *ends],
        "edges": drawn,
    }


CREATED = {"type": "record_created"}


class House:
    """One workspace with the little words that tests are written in."""

    def __init__(self, platform):
        self.platform, self.now = platform, T0
        self.ids, self.sales = platform.run(SYSTEM, _staff)

    def __getattr__(self, name):
        if name in self.ids:
            return self.ids[name]
        raise AttributeError(name)

    def publish(self, *flows):
        """The app with these flows; staff get their roles with the first one."""

        def command(uow):
            self.platform.catalog.publish(uow, app_with(*flows))
            for name in ("ann", "bob", "boss"):
                commands.give(uow, self.ids[name], "shop", "boss" if name == "boss" else "seller")

        self.run(command)

    def run(self, fn, who=None):
        actor = SYSTEM if who is None else Actor(self.ids[who], who)
        with clock.frozen(self.now):
            return self.platform.run(actor, fn)

    def look(self, fn):
        with clock.frozen(self.now):
            return self.platform.look(SYSTEM, fn)

    @property
    def form(self):
        return self.platform.look(SYSTEM, lambda look: look.apps.form("shop", "deal"))

    def create(self, who="ann", **values):
        return self.run(lambda uow: submit.create_record(uow, self.form, {"name": "Big", **values}), who).id

    def change(self, record, who="ann", **values):
        return self.run(lambda uow: submit.change_record(uow, self.form, record, values), who)

    def delete(self, record):
        return self.run(lambda uow: submit.delete_record(uow, self.form, record))

    def row(self, record):
        return self.look(lambda look: query.one(look, self.form.source, record))

    def wait(self, micros=0):
        """Time passes, then the worker does all that is due."""
        self.now += micros
        with clock.frozen(self.now):
            return worker.drain(self.platform)

    def todo(self, who, which="todo"):
        return self.look(lambda look: inbox.inbox(look, self.ids[who], which)).rows

    def task(self, who):
        (found,) = self.todo(who)
        return found["id"]

    def act(self, who, what, task=None, **given):
        number = self.task(who) if task is None else task
        return self.run(lambda uow: getattr(tasks, what)(uow, self.ids[who], number, **given), who)

    def notices(self, who):
        return [one["text"]["en"] for one in self.look(lambda look: notices.listed(look, self.ids[who]))]

    def incidents(self):
        return self.look(incidents.all_open)

    def runs(self, **wanted):
        return self.look(lambda look: inbox.runs(look, "shop", **wanted))

    def history(self, run=None):
        number = self.runs()[0]["id"] if run is None else run
        return self.look(lambda look: inbox.history(look, number))

    def said(self, run=None):
        return [line["what"] for line in self.history(run)]

    @contextmanager
    def at(self, micros):
        before, self.now = self.now, micros
        yield
        self.now = before


def _staff(uow):
    """owner above boss above ann and bob."""
    ids = {"owner": 1} | {
        name: people.add(uow.session, name, email=f"{name}@team.org") for name in ("boss", "ann", "bob")
    }
    top = departments.add(uow.session, "Company", head=ids["owner"])
    sales = departments.add(uow.session, "Sales", parent=top, head=ids["boss"])
    for name in ("boss", "ann", "bob"):
        departments.place(uow.session, ids[name], [sales])
    return ids, sales


@pytest.fixture
def house(platform):
    return House(platform)
