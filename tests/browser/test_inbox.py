"""A tag gives somebody a task, who does it by mouse and by keyboard; what nobody does in time goes up."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import commands, departments, people
from engines.form import submit

from ..conftest import ROOT
from .conftest import both_widths

FANS = ("小鹿不迷路", "爱喝奶茶的阿May", "山茶花开")
WHO = {"sun": ("小雨", ["seller", "gold_seller"]), "lin": ("敏姐", ["supervisor"])}


@pytest.fixture
def site(tmp_path):
    """{address, links, clock}: the sample app with three fans, a top seller and whoever is above."""
    links, clock = _prepare(tmp_path), tmp_path / "clock"
    clock.write_text("0")
    command = [sys.executable, "app.py", "serve", "--data", str(tmp_path), "--port", "0", "--test-clock", str(clock)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        for line in server.stdout:
            if found := re.search(r"(http://\S+)/sign-in/\S+", line):
                yield {"address": found[1], "links": links, "clock": clock, "folder": tmp_path}
                break
        server.terminate()


def _prepare(folder):
    platform = open_platform(folder, sync="off")
    owner = platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    app = platform.run(
        SYSTEM, lambda uow: platform.catalog.publish(uow, read_folder(ROOT / "sample_apps" / "crm_livestream"))
    )
    platform.run(SYSTEM, lambda uow: _staff(uow, app))
    for name in FANS:
        fan = {"handle": name, "platform": "douyin", "owner": owner}
        platform.run(SYSTEM, lambda uow, fan=fan: submit.create_record(uow, app.form("fan"), fan))
    made = {who: platform.run(SYSTEM, lambda uow, w=who: people.make_link(uow.session, w)) for who in ("owner", *WHO)}
    platform.close()
    return made


def _staff(uow, app):
    ids = {name: people.add(uow.session, name, display=shown) for name, (shown, _roles) in WHO.items()}
    place = departments.add(uow.session, "一队", head=ids["lin"])
    for name, (_shown, roles) in WHO.items():
        departments.place(uow.session, ids[name], [place])
        for role in roles:
            commands.give(uow, ids[name], app.id, role)


def come_in(page, site, who, language):
    """In a browser of their own, that remembers nobody else."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "language", "value": language, "url": site["address"]}])
    page.goto(f"{site['address']}/sign-in/{site['links'][who]}")


def tag(page, site, fan):
    """The owner ticks the tag on a fan's form."""
    page.goto(f"{site['address']}/a/crm_livestream/fan/{fan}/edit")
    page.locator("[data-test=field-tags] label:has(input[value=high_intent])").click()
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=record-runs]")).to_contain_text("小雨")


def told(page, place, text):
    """The frame asks again whenever somebody comes back to the page; the worker looks at the clock now and then."""
    for _ in range(40):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(500)
        if page.locator(place).inner_text() == text:
            return
    pytest.fail(f"{place} never said {text}")


def arrive(site, fan):
    """The tag, set by another process while the pages are open."""
    platform = open_platform(site["folder"], sync="off")
    given = {"tags": ["high_intent"]}
    platform.run(SYSTEM, lambda uow: submit.change_record(uow, uow.apps.form("crm_livestream", "fan"), fan, given))
    platform.close()


def asked_again(page):
    """As it does by itself every 20 seconds; what it was answered."""
    with page.expect_response(lambda answer: "/tasks/list" in answer.url) as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    return answer.value.status


def test_a_task_that_arrives_joins_the_list_beside_what_is_being_typed(site, page):
    arrive(site, 1)
    come_in(page, site, "sun", "zh")
    page.locator("[data-test=nav-tasks]").click()
    expect(page.locator("[data-task]")).to_have_count(1)
    page.locator("[data-test=comment]").fill("还没写完")
    with page.expect_response(lambda answer: "/tasks/list" in answer.url):  # the search draws the list anew
        page.locator("[data-test=find]").fill(" ")
    page.locator("[data-task]").focus()
    assert asked_again(page) == 204
    arrive(site, 2)
    assert asked_again(page) == 200
    expect(page.locator("[data-task]")).to_have_count(2)
    expect(page.locator("[data-test=todo-count]")).to_have_text("2")
    expect(page.locator("[data-task].on")).to_contain_text(FANS[0])
    expect(page.locator("[data-test=comment]")).to_have_value("还没写完")
    expect(page.locator("[data-task].on")).to_be_focused()
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
    asked = []  # what a listener raises would take the browser of all tests along
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert asked == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tag_becomes_a_task_that_is_done_by_mouse_and_key_or_goes_up(site, page, language):
    come_in(page, site, "owner", language)
    for fan in (1, 2, 3):
        tag(page, site, fan)
    both_widths(page, f"record_runs_{language}")
    come_in(page, site, "sun", language)
    expect(page.locator("[data-test=badge]")).to_have_text("3")
    page.locator("[data-test=nav-tasks]").click()
    title = page.locator("[data-test=task-title]")
    expect(title).to_contain_text(FANS[0])
    expect(page.locator("[data-test=due]")).to_contain_text("敏姐")
    both_widths(page, f"inbox_{language}")

    page.locator("[data-test=field-v-follow_status]").select_option("")
    page.locator("[data-test=do-complete]").click()
    expect(page.locator("[data-test=problems]")).to_be_visible()
    page.locator("[data-test=field-v-follow_status]").select_option(index=2)
    page.locator("[data-test=comment]").fill("聊过了，周末再来")
    page.locator("[data-test=do-complete]").click()
    expect(title).to_contain_text(FANS[1])
    expect(page.locator("[data-test=badge]")).to_have_text("2")

    page.keyboard.press("j")
    expect(title).to_contain_text(FANS[2])
    page.keyboard.press("k")
    expect(title).to_contain_text(FANS[1])
    page.keyboard.press("Enter")
    expect(page.locator("[data-test=field-v-follow_status]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(title).to_contain_text(FANS[2])
    expect(page.locator("[data-task]")).to_have_count(1)

    site["clock"].write_text(str(2 * 3600 + 300))
    come_in(page, site, "lin", language)
    told(page, "[data-test=badge]", "1")
    page.locator("[data-test=nav-tasks]").click()
    expect(title).to_contain_text(FANS[2])
    expect(page.locator("[data-test=history]")).to_contain_text("敏姐")
    both_widths(page, f"inbox_escalated_{language}")
    page.locator("[data-test=bell]").click()
    expect(page.locator("#notices")).to_contain_text(FANS[2])
    page.locator("[data-test=team]").click()
    expect(page.locator("[data-test^=team-task-]")).to_have_count(2)
    both_widths(page, f"team_{language}")
    assert [g for g in page.grumbles if "422" not in g] == []
