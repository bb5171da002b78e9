"""A workspace with a department tree, a handful of people and an app whose roles differ in every way."""

import pytest

from engines.apps.catalog import App
from engines.apps.platform import SYSTEM
from engines.core.access import commands, departments, people
from engines.core.kernel.work import Actor
from engines.form import submit

from .kit import APP, House


@pytest.fixture
def house(platform) -> House:
    """north > street > corner, and south; may leads north, bo and cai stand in street, dan in corner, eve in south."""

    def build(uow):
        at = {}
        at["north"] = departments.add(uow.session, "north")
        at["street"] = departments.add(uow.session, "street", parent=at["north"])
        at["corner"] = departments.add(uow.session, "corner", parent=at["street"])
        at["south"] = departments.add(uow.session, "south")
        who = {name: people.add(uow.session, name) for name in ("may", "bo", "cai", "dan", "eve", "adam", "gil")}
        places = {"may": "north", "bo": "street", "cai": "street", "dan": "corner", "eve": "south"}
        for name, place in places.items():
            departments.place(uow.session, who[name], [at[place]])
        departments.lead(uow.session, at["north"], who["may"])
        departments.lead(uow.session, at["street"], who["bo"])
        commands.give(uow, who["adam"], "", "admin")
        return who, at

    who, at = platform.run(SYSTEM, build)
    app: App = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    return House(platform, app, {name: Actor(number, name) for name, number in who.items()}, at)


@pytest.fixture
def stocked(house) -> House:
    """One deal by each person, made with the platform's rights so that the owner column alone decides."""
    for name in ("may", "bo", "cai", "dan", "eve"):
        actor = house.who[name]
        house.give(name, "maker")
        given = {"title": f"{name}'s deal", "amount": "10", "phone": "555-0100-1234", "cost": "3"}
        made = house.platform.run(actor, lambda uow, given=given: submit.create_record(uow, house.deal, given))
        house.deals[name] = made.id
        house.take(name, "maker")
    return house
