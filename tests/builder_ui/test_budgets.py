"""What a designer's page may weigh."""

import gzip
import re

import pytest

PAGES = ("/forms/buyer", "/flows/flow", "/rules/invite", "/tables/tiers", "/reports/report", "/dashboards/dashboard",
         "/roles/role", "/messages/message")  # fmt: skip
LAZY = ("codemirror", "vega")
"""The formula editor and the charts have weights of their own."""


def scripts(desk, page):
    """Every script that the page runs, with those they import, by address."""
    waiting = re.findall(r'<script[^>]* src="([^"]+)"', desk.get(page).text)
    found = {}
    while waiting:
        at = waiting.pop()
        if at in found or any(name in at for name in LAZY):
            continue
        found[at] = desk.client.get(at, buffered=True).data
        for to in re.findall(rb'^(?:import|export)[^"\n]* from "([^"]+)"', found[at], re.M):
            name = to.decode()
            waiting.append(name if name.startswith("/") else at.rpartition("/")[0] + "/" + name.removeprefix("./"))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_designer_runs_at_most_80_kilobytes_of_script_in_20_files(desk, page):
    for kind in ("flows", "datasets", "reports", "dashboards", "roles", "messages"):
        desk.post(f"/{kind}/new")
    found = scripts(desk, page)
    assert len(found) <= 20
    assert all(content and b"Not Found" not in content[:300] for content in found.values())
    assert sum(len(gzip.compress(content)) for content in found.values()) < 80_000
