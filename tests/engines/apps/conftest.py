"""The small shop of the rule tests, with drafts made of it."""

import pytest

from engines.apps import draft, publish
from engines.apps.platform import SYSTEM
from engines.core.jobs.worker import drain

from ..rule.conftest import SHOP, Shop, field, label, options

__all__ = ["SHOP", "field", "label", "options"]
RATING = field("rating", "rating")


class Builder(Shop):
    """The shop, and what a builder does to it."""

    def edit(self, op, rev=None, **args):
        return self.platform.run(SYSTEM, lambda uow: draft.edit(uow, "shop", op, args or None, rev=rev))

    def change(self, form, record, **values):
        super().edit(form, record, **values)

    def draft(self):
        return self.platform.look(SYSTEM, lambda look: draft.current(look, "shop"))

    def publish(self, note=""):
        catalog = self.platform.catalog
        self.app = self.platform.run(SYSTEM, lambda uow: publish.publish(uow, catalog, "shop", note=note))
        drain(self.platform)
        return self.app

    def look(self, fn):
        return self.platform.look(SYSTEM, fn)


@pytest.fixture
def shop(platform):
    return Builder(platform, platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP)))
