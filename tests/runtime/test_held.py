"""A restored copy says so on every page, and an administrator lets it work."""

import pytest

from engines.apps import restored
from engines.core.kernel import clock

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # storage is tested below the pages


@pytest.fixture
def copy(site):
    site.platform.db.write(lambda session: restored.hold(session, clock.wall() - 86_400_000_000, clock.wall()))
    return site


def test_everybody_is_told_and_only_an_administrator_can_let_it_go(copy):
    admin, seller = copy.person("adam", ":admin"), copy.person("may", "shop:seller")
    assert "不外发消息" in seller.get("/").text
    assert "/admin/held" not in seller.get("/").text
    assert seller.post("/admin/held").status_code in (403, 404)
    assert "/admin/held" in admin.get("/").text
    page = admin.get("/admin/held").text
    assert 'data-test="release"' in page
    admin.post("/admin/held", data={"messages": "keep"})
    assert "不外发消息" not in seller.get("/").text
    assert admin.get("/admin/held").status_code == 302
    assert "让恢复的副本开始工作" in admin.get("/admin/audit").text


def test_a_workspace_that_was_not_restored_says_nothing(site):
    assert "held-banner" not in site.person("adam", ":admin").get("/").text
