"""A small shop behind the real application, with people, roles and tokens, for tests that speak HTTP."""

from dataclasses import dataclass
from typing import Any

import pytest

from engines.apps.catalog import App
from engines.apps.platform import SYSTEM, Platform
from engines.core.access import commands, people, tokens
from engines.core.kernel.work import Actor
from engines.form import submit
from runtime.web import create_app

from .shop import SHOP


@dataclass
class Caller:
    """One token and the language it asks for."""

    client: Any
    token: str
    language: str = "en"

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language} | more.pop("headers", {})
        sent = {} if body is None else {"json": body}
        return self.client.open("/api/v1" + path, method=method, headers=headers, **sent, **more)


@dataclass
class Shop:
    platform: Platform
    app: App
    flask: Any

    def person(self, name: str, *roles: str) -> Actor:
        def make(uow: Any) -> int:
            number = people.add(uow.session, name)
            for role in roles:
                commands.give(uow, number, "shop", role)
            return number

        return Actor(self.platform.run(SYSTEM, make), name)

    def caller(self, name: str, *roles: str, scopes: tuple[str, ...] = ("shop:*:*",)) -> Caller:
        who = self.person(name, *roles)
        made = self.platform.run(who, lambda uow: tokens.make(uow, who.id, list(scopes), 30))
        return Caller(self.flask.test_client().silent(), made)

    def make(self, form: str, **values: Any) -> int:
        made = self.platform.run(SYSTEM, lambda uow: submit.create_record(uow, self.app.form(form), values))
        return int(made.id)

    def browser(self, name: str, language: str = "en") -> Any:
        """Signed in as the person; speaks the language."""
        token = self.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name))
        client = self.flask.test_client()
        client.get(f"/sign-in/{token}")
        client.set_cookie("language", language)
        return client


@pytest.fixture
def shop(platform: Platform) -> Shop:
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP))
    return Shop(platform, app, create_app(platform, b"secret"))


@pytest.fixture
def clerk(shop: Shop) -> Caller:
    """May do everything in the shop."""
    return shop.caller("clerk", "clerk")
