"""One workspace with the small shop, its owner signed in, and a colleague who may do everything too."""

import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.kernel.work import Actor
from engines.form import submit
from runtime.web import create_app

from .shop import SHOP


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
