"""Two workspaces that differ only in what somebody may not see give that person the same bytes."""

import json
import random
import re

import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import commands, people
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, Invalid
from engines.core.kernel.work import Actor
from engines.core.records import history, query
from engines.form import exports, submit

from .kit import label, role

SECRETS = {"cost": "hidden", "marks": "hidden", "phone": "masked", "margin": "write"}
FIELDS = [
    {"id": "title", "type": "text", "label": label("Title")},
    {"id": "amount", "type": "number", "label": label("Amount")},
    {"id": "cost", "type": "number", "label": label("Cost")},
    {"id": "margin", "type": "formula", "label": label("Margin"), "formula": "amount - cost", "result": "number"},
    {"id": "phone", "type": "text", "label": label("Phone")},
    {"id": "marks", "type": "tags", "label": label("Marks"), "options": [{"id": "hot", "label": label("Hot")}]},
    {"id": "parent", "type": "relation", "form": "deal", "label": label("Parent"),
     "reverse": {"id": "parts", "label": label("Parts")}},
]  # fmt: skip
APP = {
    "id": "shop",
    "version": "1.0.0",
    "name": label("Shop"),
    "languages": ["en"],
    "zone": "UTC",
    "forms": [{"id": "deal", "label": label("Deal"), "fields": FIELDS}],
    "roles": [role("reader", ["view", "edit", "history", "export"], rows="own", fields=SECRETS)],
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The same visible world twice, with other secrets in each."""
    data = tmp_path_factory.mktemp("pair")
    made = [_world(open_platform(data / str(n), sync="off"), random.Random(n)) for n in (1, 2)]
    yield made
    for platform, _ in made:
        platform.close()


def _world(platform, dice):
    """Four deals of ann's, of which two point at deals she may not see; behind them a hidden number of bob's."""
    with clock.frozen(1_700_000_000_000_000):
        ann = platform.run(SYSTEM, lambda uow: people.add(uow.session, "ann"))
        bob = platform.run(SYSTEM, lambda uow: people.add(uow.session, "bob"))
        platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
        platform.run(SYSTEM, lambda uow: commands.give(uow, ann, "shop", "reader"))
        form = platform.look(SYSTEM, lambda look: look.apps.form("shop", "deal"))
        hidden = _deal(platform, form, bob, dice, 0)
        mine = [_deal(platform, form, ann, dice, n, parent=hidden if n % 2 else None) for n in range(4)]
        for n in range(dice.randint(1, 6)):
            _deal(platform, form, bob, dice, 100 + n, parent=mine[n % 4])
        for _ in range(2):
            secret = {"cost": dice.randint(1, 99), "marks": dice.choice([["hot"], []])}
            platform.run(SYSTEM, lambda uow, s=secret: submit.change_record(uow, form, mine[0], s))
    return platform, Actor(ann, "ann")


def _deal(platform, form, owner, dice, n, parent=None):
    """What ann sees of her own is the same in both worlds; everything else is thrown."""
    mine = n < 100 and owner == 1
    given = {"title": f"deal {n}" if mine else f"secret {dice.random()}", "amount": n if mine else dice.randint(0, 9)}
    given |= {"cost": dice.randint(1, 99), "marks": dice.choice([["hot"], []]), "parent": parent}
    given["phone"] = f"{dice.randint(10**6, 10**7)}{owner}{n:03}"

    made = platform.run(SYSTEM, lambda uow: submit.create_record(uow, form, given)).id
    table = form.source.table
    theirs = table.update().where(table.c["_id"] == made).values(_created_by=owner)
    platform.run(SYSTEM, lambda uow: uow.session.run(theirs))
    return made


def where(name, value):
    return query.Where(lambda place: place.column(name) > value, ("above", name, value))


def walk(way):
    def make(place):
        table, other, joined = place.related(way)
        return table.select().where(joined, other.column("title") != "x").exists()

    return query.Where(make, ("walk", way))


PROBES = {
    "list": lambda look, s: query.page(look, s, query.Ask()).rows,
    "count": lambda look, s: query.count(look, s),
    **{f"one {n}": lambda look, s, n=n: query.one(look, s, n) for n in range(1, 12)},
    **{f"history {n}": lambda look, s, n=n: history.events(look, s, n) for n in range(1, 12)},
    **{
        f"sort {name}": lambda look, s, name=name: query.page(look, s, query.Ask(sort=((name, True),))).rows
        for name in ("title", "amount", "cost", "margin", "phone", "marks", "parent", "ghost")
    },
    **{
        f"filter {name}": lambda look, s, name=name: query.count(look, s, query.Ask(where=(where(name, 50),)))
        for name in ("amount", "cost", "margin", "ghost")
    },
    "walk forth": lambda look, s: query.count(look, s, query.Ask(where=(walk("parent"),))),
    "walk back": lambda look, s: query.count(look, s, query.Ask(where=(walk("parts"),))),
    "titles": lambda look, s: query.titles(look, s, range(1, 12)),
    "called": lambda look, s: query.called(look, s, ["deal 1"]),
    "called by secret": lambda look, s: query.called(look, s, ["50"], field="cost"),
    "why": lambda look, s: history.why(look, s, 2, "title"),
    "why secret": lambda look, s: history.why(look, s, 2, "cost"),
}


@pytest.mark.parametrize("name", [*PROBES, "export", "write secret", "write hidden row"])
def test_the_same_bytes_whatever_is_hidden(pair, name):
    answers = [_ask(platform, ann, name) for platform, ann in pair]
    assert answers[0] == answers[1]


def test_the_worlds_do_differ(pair):
    """Else the test above could not fail: the platform itself sees other bytes."""
    for name in ("list", "count", "sort cost"):
        assert _ask(pair[0][0], SYSTEM, name) != _ask(pair[1][0], SYSTEM, name)


def _ask(platform, actor, name):
    try:
        found = _answer(platform, actor, name)
    except Invalid as error:
        found = {field: problem.code for field, problem in error.problems.items()}
    except AppError as error:
        found = [error.code, error.say("en")]
    cascade = re.compile('"cascade": "[0-9a-f]+"')  # a random id of the transaction
    return cascade.sub("", json.dumps(found, default=str, sort_keys=True))


def _answer(platform, actor, name):
    form = platform.look(SYSTEM, lambda look: look.apps.form("shop", "deal"))
    if name == "export":
        return platform.look(
            actor, lambda look: list(exports.lines(look, form, query.Ask(), language="en", people=lambda *_: {}))
        )
    if name.startswith("write"):
        record, given = (2, {"cost": "5"}) if name == "write secret" else (1, {"title": "mine"})
        return platform.run(actor, lambda uow: submit.change_record(uow, form, record, given)).id
    return platform.look(actor, lambda look: PROBES[name](look, form.source))
