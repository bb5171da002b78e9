"""The shop of the rule tests, opened by its owner in the designers."""

import json
import re

import pytest

from builder_ui import build
from engines.apps import draft
from engines.apps.platform import SYSTEM
from engines.core.access import people
from runtime.web import create_app

from ..engines.rule.conftest import SHOP

REV = re.compile(r'data-rev="(\d+)"')


class Desk:
    """A signed-in person at the designers of the shop."""

    def __init__(self, platform, client):
        self.platform, self.client = platform, client

    def get(self, path):
        return self.client.get(f"/build/shop{path}")

    def post(self, path, /, **sent):
        return self.client.post(f"/build/shop{path}", data=sent)

    def rev(self):
        return self.draft().rev

    def draft(self):
        return self.platform.look(SYSTEM, lambda look: draft.current(look, "shop"))

    def part(self, kind, name):
        return next(one for one in self.draft().definition[kind] if one["id"] == name)

    def field(self, form, name):
        return next(f for f in self.part("forms", form)["fields"] if f["id"] == name)

    def cmd(self, kind, part, op, /, **sent):
        """One command with the revision that is there."""
        return self.post(f"/{kind}/{part}/cmd", op=op, **({"rev": self.rev()} | sent))


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def flask_app(platform):
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, json.loads(json.dumps(SHOP))))
    return create_app(platform, b"secret", [build])


@pytest.fixture
def desk(platform, flask_app):
    client = flask_app.test_client()
    token = platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "owner"))
    client.get(f"/sign-in/{token}")
    client.set_cookie("language", "en")
    return Desk(platform, client)
