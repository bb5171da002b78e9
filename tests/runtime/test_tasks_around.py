"""Tasks on other pages: badge and bell, home, the record, the team's list, and what an administrator mends."""

import re

import pytest

from engines.core.jobs import incidents
from engines.core.messages import outbox
from engines.core.messages.base import Message

from .desk import HOUR, MINUTE, T0, Desk

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # what is stored is tested with the engine


@pytest.fixture
def desk(platform):
    return Desk(platform)


def badge(answer, name="nav-badge"):
    return re.search(rf'id="{name}"[^>]*?(hidden)?[^>]*>(\d*)<', answer.text)[2]


def listed(answer):
    return re.findall(r'<a class="cut one wide"[^>]*>([^<]+)<', answer.text)


# ---- frame and home


def test_every_page_counts_what_is_to_be_done_and_unread(desk):
    assert badge(desk.get("ann", "/")) == ""
    desk.deal()
    page = desk.get("ann", "/a/desk/deal")
    assert (badge(page), badge(page, "bell-badge")) == ("1", "1")
    assert badge(desk.get("ann", "/pulse")) == "1"
    assert badge(desk.get("bob", "/")) == ""


def test_the_bell_leads_to_the_task_and_counts_down(desk):
    desk.deal(name="甲")
    menu = desk.get("ann", "/notices")
    assert "新待办：联系 甲" in menu.text
    number = re.search(r'data-test="notice-(\d+)"', menu.text)[1]
    answer = desk.post("ann", f"/notices/{number}")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{desk.task('ann')}")
    assert badge(desk.get("ann", "/"), "bell-badge") == ""
    assert desk.post("bob", f"/notices/{number}").status_code == 404


def test_all_notices_are_read_at_once_but_none_that_came_meanwhile(desk):
    desk.deal(name="甲")
    until = re.search(r'name="until" value="(\d+)"', desk.get("ann", "/notices").text)[1]
    desk.deal(name="乙")
    page = desk.post("ann", "/notices/read", script=True, until=until)
    assert badge(page, "bell-badge") == "1"


def test_home_names_the_most_urgent_to_dos(desk):
    desk.deal(name="甲")
    page = desk.get("ann", "/")
    assert "我的待办" in page.text
    assert "联系 甲" in page.text


# ---- record


def test_a_record_shows_what_runs_on_it_and_its_open_tasks(desk):
    record = desk.deal()
    page = desk.get("ann", f"/a/desk/deal/{record}")
    assert f'data-test="record-task-{desk.task("ann")}"' in page.text
    assert "首次联系" in page.text


def test_a_flow_with_a_button_is_started_where_its_condition_holds(desk):
    without, record = desk.deal(stage=None), desk.deal(stage=None, amount="10")
    assert "start-discount" not in desk.get("ann", f"/a/desk/deal/{without}").text
    assert 'data-test="start-discount"' in desk.get("ann", f"/a/desk/deal/{record}").text
    assert desk.post("ann", f"/a/desk/deal/{without}/flows/discount").status_code == 404
    assert desk.post("ann", f"/a/desk/deal/{record}/flows/discount").status_code == 303
    assert len(desk.tasks("boss")) == 1


def test_a_flow_is_not_started_on_a_record_that_is_not_there_for_one(desk):
    record = desk.deal("bob", stage=None, amount="10")
    assert desk.post("ann", f"/a/desk/deal/{record}/flows/discount").status_code == 404


def test_a_task_is_given_by_hand_with_a_due_time_on_the_clock_of_the_app(desk):
    record = desk.deal(stage=None)
    given = {"title": "寄样品 {{floor}}", "to": desk.ids["bob"], "due": "2026-09-22T09:13"}
    desk.post("ann", f"/a/desk/deal/{record}/tasks", **given)
    page = desk.get("bob", f"/tasks/{desk.task('bob')}")
    assert "寄样品 { {floor}}" in page.text
    assert "2026-09-22 09:13" in page.text
    assert T0 % MINUTE  # the minute does not fall on the clock's own
    desk.wait(11 * HOUR)
    assert "别忘了：寄样品" in desk.get("bob", "/notices").text


def test_a_task_without_a_name_or_with_a_time_gone_by_is_refused_with_the_reason(desk):
    record = desk.deal(stage=None)
    past = {"title": "晚了", "to": desk.ids["bob"], "due": "2020-01-01T00:00"}
    desk.post("ann", f"/a/desk/deal/{record}/tasks", **past)
    assert "到期时间已经过去了" in desk.get("ann", "/").text
    desk.post("ann", f"/a/desk/deal/{record}/tasks", title="", to="")
    assert "写一句要做什么" in desk.get("ann", "/").text
    assert desk.tasks("bob") == []


# ---- team


def test_a_supervisor_sees_the_tasks_of_those_below_and_nobody_else_does(desk):
    desk.deal("ann", name="甲")
    desk.deal("bob", name="乙")
    assert listed(desk.get("boss", "/tasks/team")) == ["联系 甲", "联系 乙"]
    assert listed(desk.get("owner", "/tasks/team")) == ["联系 甲", "联系 乙"]
    assert listed(desk.get("ann", "/tasks/team")) == ["联系 甲"]
    assert listed(desk.get("cy", "/tasks/team")) == []


def test_the_team_s_tasks_are_filtered_by_person_due_state_and_flow(desk):
    desk.deal("ann", name="甲")
    desk.wait(3 * HOUR)
    desk.deal("bob", name="乙")

    def asked(query):
        return listed(desk.get("boss", f"/tasks/team?{query}"))

    assert asked(f"assignee={desk.ids['bob']}") == ["联系 乙"]
    assert asked("due=overdue") == ["联系 甲", "联系 甲"]
    assert asked("view=escalated") == ["联系 甲", "联系 甲"]
    assert asked("due=today&q=乙") == ["联系 乙"]
    assert asked("flow=desk/discount") == []
    assert asked("state=done") == []


def test_a_filter_is_kept_under_a_name_for_its_owner_alone(desk):
    desk.deal("ann", name="甲")
    desk.deal("bob", name="乙")
    kept = desk.post("boss", "/tasks/team/views", name="小安的", assignee=desk.ids["ann"], due="")
    assert listed(desk.get("boss", kept.location)) == ["联系 甲"]
    assert "小安的" not in desk.get("owner", "/tasks/team").text
    number = kept.location.rpartition("=")[2]
    assert desk.post("owner", f"/tasks/team/views/{number}/delete").status_code == 404
    desk.post("boss", f"/tasks/team/views/{number}/delete")
    assert "小安的" not in desk.get("boss", "/tasks/team").text.split("toasts")[0]


# ---- administration


def stuck(desk):
    return desk.look(incidents.all_open)


def test_an_incident_is_tried_again_after_its_cause_was_mended(desk):
    record = desk.deal(stage="won", amount="0")
    (one,) = stuck(desk)
    assert f'data-test="incident-{one["id"]}"' in desk.get("owner", "/admin/runs").text
    desk.post("owner", f"/admin/incidents/{one['id']}", do="retry")
    (again,) = stuck(desk)
    assert again["id"] != one["id"]
    desk.change(record, "boss", amount="4")
    desk.post("owner", f"/admin/incidents/{again['id']}", do="retry")
    assert stuck(desk) == []
    assert desk.row(record)["amount"] == 25


def test_a_step_is_skipped_and_the_run_goes_on(desk):
    desk.deal(stage="won", amount="0")
    (one,) = stuck(desk)
    desk.post("owner", f"/admin/incidents/{one['id']}", do="skip")
    assert stuck(desk) == []
    page = desk.get("owner", f"/admin/runs/{one['instance']}").text
    assert re.search(r'data-test="run-state">([^<]+)', page)[1] == "完成"


def test_a_run_is_stopped_with_a_reason_that_stays(desk):
    desk.deal()
    number = desk.task("ann")
    assert desk.post("owner", "/admin/runs/1/cancel", why="").status_code == 422
    desk.post("owner", "/admin/runs/1/cancel", why="重复了")
    assert desk.tasks("ann") == []
    assert "已取消：重复了" in desk.get("ann", f"/tasks/{number}").text
    late = desk.post("ann", f"/tasks/{number}", script=True, do="complete", **{"v-note": "打了"})
    assert late.status_code == 409


def test_runs_are_listed_by_flow_and_state(desk):
    desk.deal()
    desk.deal(stage="won", amount="0")
    whole = desk.get("owner", "/admin/runs").text
    assert ('data-test="run-1"' in whole, 'data-test="run-2"' in whole) == (True, True)
    broken = desk.get("owner", "/admin/runs?state=incident").text
    assert ('data-test="run-1"' in broken, 'data-test="run-2"' in broken) == (False, True)
    assert 'data-test="run-2"' not in desk.get("owner", "/admin/runs?flow=call").text


def test_only_administrators_see_runs_and_messages(desk):
    for path in ("/admin/runs", "/admin/outbox"):
        assert desk.get("boss", path).status_code == 403
    assert desk.post("boss", "/admin/runs/1/cancel", why="x").status_code == 403


def test_a_message_that_has_not_left_says_why(desk):
    desk.run(_mail)
    page = desk.get("owner", "/admin/outbox")
    assert "请查收合同" in page.text
    assert "还没有设置邮件服务器" in page.text
    assert "请查收合同" not in desk.get("owner", "/admin/outbox?state=sent").text


def _mail(uow):
    outbox.post(uow, Message("mail", "li@team.org", "合同", "请查收合同"), app="desk")
