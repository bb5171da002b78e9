"""The inbox as people use it: what is urgent stands first, one task beside the list, and who was quicker is told."""

import re

import pytest

from .desk import HOUR, MINUTE, Desk

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # what is stored is tested with the engine


@pytest.fixture
def desk(platform):
    return Desk(platform)


def titles(answer):
    return re.findall(r'class="cut title">([^<]+)<', answer.text)


def groups(answer):
    return re.findall(r"<h4[^>]*>(\S+) <span", answer.text)


def buttons(answer):
    return re.findall(r'data-test="do-(\w+)"', answer.text)


def history(answer):
    part = answer.text.split('data-test="history"')[1].split("</ol>")[0]
    return re.findall(r"<li><span.*?</span><div><div>([^<]+)</div>", part)


def test_the_most_urgent_stands_first_in_groups(desk):
    desk.deal(name="甲")
    desk.wait(HOUR)
    desk.deal(name="乙")
    desk.wait(70 * MINUTE)
    page = desk.get("ann", "/tasks")
    assert titles(page) == ["联系 甲", "联系 乙"]
    assert groups(page) == ["已超时", "今天到期"]
    assert "超时 10 分" in page.text
    assert "剩 50 分" in page.text


def test_a_task_shows_what_it_asks_for_and_what_may_be_done(desk):
    desk.deal(amount="120")
    page = desk.get("ann", f"/tasks/{desk.task('ann')}")
    assert buttons(page)[:2] == ["complete", "transfer"]
    assert 'name="v-note"' in page.text
    assert "先看备注" in page.text
    assert "剩 2 小时" in page.text
    assert "之后也会给王芳" in page.text
    assert page.text.count("btn big pri") == 1


def test_a_task_tells_no_more_of_the_record_than_its_reader_may_know(desk):
    desk.deal(floor="底线九折")
    page = desk.get("ann", f"/tasks/{desk.task('ann')}")
    assert "底线九折" not in page.text


def test_finishing_writes_the_values_and_brings_the_next_task(desk):
    first, second = desk.deal(name="甲"), desk.deal(name="乙")
    number = desk.tasks("ann")[0]
    given = {"v-note": "打通了", "v-stage": "won"}
    done = desk.post("ann", f"/tasks/{number}", script=True, do="complete", **given)
    assert done.status_code == 200
    assert 'data-test="task-title">联系 乙' in done.text
    assert re.search(r'id="nav-badge" hx-swap-oob="true"[^>]*>1<', done.text)
    assert (desk.row(first)["note"], desk.row(first)["stage"]) == ("打通了", "won")
    assert desk.row(second)["note"] is None


def test_what_is_missing_is_named_and_what_was_typed_stays(desk):
    desk.deal()
    number = desk.task("ann")
    given = {"comment": "打了两次", "v-note": "", "v-stage": "won"}
    again = desk.post("ann", f"/tasks/{number}", script=True, do="complete", **given)
    assert again.status_code == 422
    assert 'aria-invalid="true"' in again.text
    assert "打了两次" in again.text
    assert 'value="won" selected' in again.text
    assert desk.task("ann") == number


def test_values_that_somebody_else_changed_meanwhile_are_not_put_back(desk):
    record = desk.deal(note="旧")
    number = desk.task("ann")
    was = re.search(r'name="was" value="([^"]*)"', desk.get("ann", f"/tasks/{number}").text)[1].replace("&#34;", '"')
    desk.change(record, "boss", stage="won")
    desk.post("ann", f"/tasks/{number}", do="complete", was=was, **{"v-note": "新", "v-stage": "new"})
    assert (desk.row(record)["note"], desk.row(record)["stage"]) == ("新", "won")


def test_who_was_quicker_is_told_with_the_time(desk):
    desk.deal(name="甲", note="有")
    desk.wait(2 * HOUR + MINUTE)
    mine, theirs = desk.task("ann"), desk.task("boss")
    desk.post("boss", f"/tasks/{theirs}", do="complete")
    late = desk.post("ann", f"/tasks/{mine}", script=True, do="complete", comment="我来晚了")
    assert late.status_code == 409
    assert "王芳 已在 00:14 办完了" in late.text
    assert "我来晚了" not in late.text
    assert buttons(late) == []


def test_a_double_click_is_no_conflict(desk):
    desk.deal(note="有")
    number = desk.task("ann")
    assert desk.post("ann", f"/tasks/{number}", script=True, do="complete").status_code == 200
    assert desk.post("ann", f"/tasks/{number}", script=True, do="complete").status_code == 200


def test_escalation_stands_in_the_history_and_at_the_supervisor(desk):
    desk.deal(name="甲")
    number = desk.task("ann")
    desk.wait(3 * HOUR)
    assert titles(desk.get("boss", "/tasks")) == ["联系 甲"]
    told = history(desk.get("ann", f"/tasks/{number}"))
    assert told[-1] == "超时，也给了王芳"
    assert "晚了 1 小时" in desk.get("ann", f"/tasks/{number}").text


def test_a_task_for_many_is_claimed_by_one(desk):
    desk.deal(stage="lost")
    number = desk.task("ann")
    page = desk.get("ann", f"/tasks/{number}")
    assert buttons(page)[0] == "claim"
    assert desk.post("ann", f"/tasks/{number}", script=True, do="claim").status_code == 200
    assert "complete" in buttons(desk.get("ann", f"/tasks/{number}"))
    late = desk.post("bob", f"/tasks/{number}", script=True, do="claim")
    assert late.status_code == 409
    assert "小安 已经领走了" in late.text


def test_a_task_is_handed_over_and_the_next_one_knows_from_whom(desk):
    desk.deal()
    number = desk.task("ann")
    assert desk.post("ann", f"/tasks/{number}", script=True, do="transfer").status_code == 422
    moved = desk.post("ann", f"/tasks/{number}", script=True, do="transfer", to=desk.ids["bob"], comment="你熟")
    assert moved.status_code == 200
    page = desk.get("bob", f"/tasks/{number}")
    assert "小安 转交给 阿宝" in history(page)
    assert "你熟" in page.text


def test_whoever_started_it_sees_it_and_may_ask_for_it_once_an_hour(desk):
    record = desk.deal(amount="10", stage=None)
    desk.post("ann", f"/a/desk/deal/{record}/flows/discount")
    page = desk.get("ann", "/tasks?which=started")
    assert titles(page) == ["批准 大单"]
    number = desk.task("boss")
    assert desk.post("ann", f"/tasks/{number}", script=True, do="remind").status_code == 200
    again = desk.post("ann", f"/tasks/{number}", script=True, do="remind")
    assert again.status_code == 422
    assert "一小时内已经催过了" in again.text


def test_an_approval_is_declined_with_a_reason_that_all_can_read(desk):
    record = desk.deal(amount="10", stage=None)
    desk.post("ann", f"/a/desk/deal/{record}/flows/discount")
    number = desk.task("boss")
    page = desk.get("boss", f"/tasks/{number}")
    assert buttons(page)[:2] == ["approve", "reject"]
    desk.post("boss", f"/tasks/{number}", do="reject", comment="利润太薄")
    told = desk.get("ann", f"/tasks/{number}")
    assert "王芳 不同意" in history(told)
    assert "利润太薄" in told.text
    assert titles(desk.get("boss", "/tasks?which=done")) == ["批准 大单"]


def test_a_task_of_others_is_not_there(desk):
    desk.deal()
    number = desk.task("ann")
    assert desk.get("bob", f"/tasks/{number}").status_code == 404
    assert desk.post("bob", f"/tasks/{number}", do="complete").status_code == 404
    assert desk.get("boss", f"/tasks/{number}").status_code == 200
    assert desk.get("owner", f"/tasks/{number}").status_code == 200


def test_a_comment_needs_no_decision(desk):
    desk.deal()
    number = desk.task("ann")
    assert desk.post("ann", f"/tasks/{number}", script=True, do="comment", comment="").status_code == 422
    page = desk.post("ann", f"/tasks/{number}", script=True, do="comment", comment="在忙，晚点打")
    assert "在忙，晚点打" in page.text
    assert desk.task("ann") == number


def test_a_search_finds_titles_and_an_empty_inbox_says_so(desk):
    assert "没有等你办的事" in desk.get("ann", "/tasks").text
    desk.deal(name="甲")
    assert titles(desk.get("ann", "/tasks/list?q=甲")) == ["联系 甲"]
    assert titles(desk.get("ann", "/tasks/list?q=%25")) == []


def test_pages_are_whole_in_english_too(desk):
    desk.deal(name="Big")
    page = desk.get("ann", "/tasks", "en")
    assert titles(page) == ["Call Big"]
    assert "2 h left" in page.text
    assert "then 王芳 has it too" in page.text
