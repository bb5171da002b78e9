"""Workspaces with small apps, and browsers that are signed in as somebody."""

import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import commands, people
from engines.core.kernel.work import Actor
from engines.form import submit
from runtime.web import create_app

from .shop import SHOP

APP = {
    "id": "shop",
    "version": "1.0.0",
    "name": {"en": "Shop", "zh": "小店"},
    "languages": ["en", "zh"],
    "zone": "UTC",
    "forms": [
        {"id": "deal", "label": {"en": "Deal"}, "fields": [{"id": "title", "type": "text", "label": {"en": "Title"}}]},
        {"id": "pay", "label": {"en": "Pay"}, "fields": [{"id": "who", "type": "text", "label": {"en": "Who"}}]},
    ],
    "roles": [
        {"id": "seller", "label": {"en": "Seller"}, "forms": {"deal": {"actions": ["view", "create", "edit"]}}},
        {"id": "reader", "label": {"en": "Reader"}, "forms": {"deal": {"actions": ["view"], "rows": "all"}}},
    ],
}


class Site:
    """The application and who is at its browsers."""

    def __init__(self, platform):
        self.platform = platform
        self.web = create_app(platform, b"secret")

    def stranger(self):
        return self.web.test_client()

    def person(self, name, *roles):
        """A browser signed in as a person who is made when not there; roles are `app:role` or `:role`."""
        number = self.ensure(name)
        for one in roles:
            app, _, role = one.partition(":")
            self.platform.run(SYSTEM, lambda uow, a=app, r=role: commands.give(uow, number, a, r))
        token = self.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name))
        browser = self.stranger()
        assert browser.get(f"/sign-in/{token}").status_code == 302
        browser.number = number
        return browser

    def ensure(self, name):
        known = {
            who["name"]: who["id"] for who in self.platform.look(SYSTEM, lambda look: people.everyone(look.session))
        }
        return known.get(name) or self.platform.run(SYSTEM, lambda uow: people.add(uow.session, name))


@pytest.fixture
def site(platform):
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    return Site(platform)


class Shop:
    """What tests of pages do with the app behind the pages' back."""

    def __init__(self, platform):
        self.platform = platform
        self.app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP))
        self.owner = Actor(platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner")), "owner")
        self.mate = Actor(platform.run(SYSTEM, lambda uow: people.add(uow.session, "May", "owner")), "May")

    def make(self, form, /, **given):
        made = self.platform.run(self.owner, lambda uow: submit.create_record(uow, self.app.form(form), given))
        return made.id

    def change(self, form, record, /, who=None, **given):
        form = self.app.form(form)
        return self.platform.run(who or self.mate, lambda uow: submit.change_record(uow, form, record, given))


@pytest.fixture
def shop(tmp_path):
    platform = open_platform(tmp_path, sync="off")
    yield Shop(platform)
    platform.close()


@pytest.fixture
def page(shop):
    """The owner's browser, in Chinese."""
    return sign_in(shop, "owner")


def sign_in(shop, name):
    app = create_app(shop.platform, b"secret")
    app.testing = True
    client = app.test_client()
    token = shop.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name))
    client.get(f"/sign-in/{token}")
    return client
