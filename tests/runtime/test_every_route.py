"""A person without the right to a row or a field meets nothing of it on any route there is: the table is the routes."""

import io
import itertools
import re
import zipfile
from urllib.parse import quote

import pytest

from engines.apps.imports import upload
from engines.apps.platform import SYSTEM
from engines.core.access import commands, people
from engines.core.kernel.work import Actor
from engines.core.messages import outbox
from engines.core.messages.base import Message
from engines.core.records import comments, files, query
from engines.form import submit
from runtime.behind import token
from runtime.web import create_app

from .shop import options, words

CANARY = "canary"
"""Stands in every value that the reader may not see, and in no other."""
DEAL = {
    "id": "deal",
    "label": words("商机", "Deals"),
    "fields": [
        {"id": "title", "type": "text", "label": words("名称", "Title"), "searchable": True},
        {"id": "stage", "type": "select", "label": words("阶段", "Stage"),
         "options": options(("new", "新", "New"), ("won", "赢了", "Won"))},
        {"id": "owner", "type": "person", "label": words("负责人", "Owner")},
        {"id": "doc", "type": "file", "label": words("合同", "Contract")},
        {"id": "kept", "type": "text", "label": words("内部", "Kept"), "visible": 'stage <> "won"'},
        {"id": "sealed", "type": "file", "label": words("密件", "Sealed")},
        {"id": "worth", "type": "rollup", "label": words("价值", "Worth"), "relation": "parts", "aggregate": "latest",
         "field": "name", "result": "text"},
    ],
    "views": [{"id": "kept_ones", "label": words("有内部", "Kept ones"),
               "filter": [{"field": "kept", "op": "filled"}], "sort": ["-kept"]}],
}  # fmt: skip
PART = {
    "id": "part",
    "label": words("配件", "Parts"),
    "fields": [
        {"id": "name", "type": "text", "label": words("名称", "Name")},
        {"id": "deal", "type": "relation", "form": "deal", "label": words("商机", "Deal"),
         "reverse": {"id": "parts", "label": words("配件", "Parts")}},
        {"id": "of_deal", "type": "lookup", "label": words("内部", "Kept"), "relation": "deal", "field": "kept",
         "result": {"type": "text"}},
    ],
}  # fmt: skip
CALL = {
    "id": "call",
    "label": words("跟进", "Call"),
    "form": "deal",
    "trigger": {"type": "record_created"},
    "nodes": [
        {"id": "call", "type": "handle", "label": words("跟进", "Call"), "assign": [{"role": "reader"}],
         "title": words("跟进一下", "Call them"), "fields": ["stage"]},
        {"id": "end", "type": "end", "label": words("结束", "End")},
    ],
    "edges": [{"id": "a", "from": "start", "to": "call"}, {"id": "b", "from": "call", "to": "end"}],
}  # fmt: skip
PRESS = CALL | {"id": "press", "trigger": {"type": "button"}}


def report(name, **parts):
    return {"id": name, "title": words(name, name), "source": "deal", "values": [{"measure": "count"}], **parts}


REPORTS = {
    "plain": report("plain", chart={"type": "kpi"}),
    "by_title": report("by_title", rows=[{"field": "title"}], chart={"type": "bar"}),
    "by_kept": report("by_kept", rows=[{"field": "kept"}], chart={"type": "bar"}),
    "by_worth": report("by_worth", rows=[{"field": "worth"}], chart={"type": "table"}),
}
BOARD = {
    "id": "board", "title": words("看板", "Board"), "grid": {"cols": 12, "row_h": 60},
    "widgets": [{"id": name, "report": name, "at": [3 * n, 0, 3, 3]} for n, name in enumerate(REPORTS)],
}  # fmt: skip
ALL = ["view", "create", "edit", "delete", "export", "import", "share", "comment", "history", "restore"]
APP = {
    "id": "shop",
    "version": "1.0.0",
    "name": words("小店", "Shop"),
    "languages": ["zh", "en"],
    "zone": "UTC",
    "forms": [DEAL, PART],
    "flows": [CALL, PRESS],
    "reports": list(REPORTS.values()),
    "dashboards": [BOARD],
    "roles": [
        {"id": "reader", "label": words("读者", "Reader"), "dashboards": "*", "flows": "*", "forms": {
            "deal": {"actions": ALL, "rows": "own", "own_by": ["owner"],
                     "fields": {"kept": "hidden", "sealed": "hidden"}},
            "part": {"actions": ALL, "rows": "own"}}},
    ],
}  # fmt: skip


class World:
    """One deal of the reader's with hidden fields, and beside it everything of somebody else's."""

    def __init__(self, platform):
        self.platform = platform
        ids = platform.run(SYSTEM, lambda uow: [people.add(uow.session, name) for name in ("may", "boss")])
        self.may, self.boss = Actor(ids[0], "may"), Actor(ids[1], "boss")
        self.app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
        platform.run(SYSTEM, lambda uow: commands.give(uow, self.may.id, "shop", "reader"))
        platform.run(SYSTEM, lambda uow: commands.give(uow, self.boss.id, "", "owner"))
        self.files = [self._file("canary.txt"), self._file("canary.txt")]
        kept = {"kept": CANARY, "sealed": [self.files[0]]}
        self.mine = self._make("deal", title="open", stage="new", owner=self.may.id, **kept)
        self.hidden = self._make(
            "deal", title=CANARY, stage="new", owner=self.boss.id, kept=CANARY, doc=[self.files[1]]
        )
        self.gone = self._make("deal", title=CANARY, owner=self.boss.id)
        self._as_boss(lambda uow: submit.delete_record(uow, self.app.form("deal"), self.gone))
        self._as_boss(lambda uow: submit.change_record(uow, self.app.form("deal"), self.mine, {"kept": "canary 2"}))
        self._as_boss(lambda uow: comments.add(uow, self.app.form("deal").source, self.hidden, CANARY))
        self._make("part", name=CANARY, deal=self.mine)
        part = {"name": "mine", "deal": self.mine}
        self.part = platform.run(self.may, lambda uow: submit.create_record(uow, self.app.form("part"), part)).id
        self._as_boss(lambda uow: submit.change_record(uow, self.app.form("part"), self.part, {"deal": self.hidden}))
        found = upload(
            platform, self.boss, self.app.form("deal"), "canary.csv", io.BytesIO(b"Title,Stage\ncanary,canary\n")
        )
        found.check()
        self.web = create_app(platform, b"secret")
        self.browser = self.sign_in("may")

    def sign_in(self, name):
        token = self.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name))
        browser = self.web.test_client()
        assert browser.get(f"/sign-in/{token}").status_code == 302
        browser.set_cookie("language", "en")
        return browser

    def row(self, record):
        source = self.app.form("deal").source
        there = self.platform.look(SYSTEM, lambda look: query.many(look, source, [record]))
        binned = self.platform.look(SYSTEM, lambda look: query.many(look, source, [record], binned=True))
        return [*there, *binned][0]

    def _as_boss(self, fn):
        return self.platform.run(self.boss, fn)

    def _make(self, form, /, **given):
        return self._as_boss(lambda uow: submit.create_record(uow, self.app.form(form), given)).id

    def _file(self, name):
        kept = files.Folder(self.platform.data / "files").keep(io.BytesIO(b"canary"), name)
        return self._as_boss(lambda uow: files.enter(uow, kept))


@pytest.fixture
def backend():
    """Rights are the same on both databases; here the doors are tried."""
    return "sqlite"


@pytest.fixture
def world(platform):
    return World(platform)


NUMBERS = ["1", "2", "3"]
SAMPLES = {
    "app": ["shop"],
    "form": ["deal", "part"],
    "record": NUMBERS,
    "field": ["kept", "doc", "sealed", "title"],
    "file": NUMBERS,
    "number": NUMBERS,
    "task": NUMBERS,
    "instance": NUMBERS,
    "view": NUMBERS,
    "token": ["1"],
    "person": ["1", "2"],
    "department": ["1"],
    "flow": ["call", "press"],
    "report": list(REPORTS),
    "dashboard": ["board"],
    "kind": ["csv", "xlsx", "svg"],
    "link": ["nothing"],
    "hook": ["orders"],
    "action": ["complete", "claim", "comment"],
    "code": ["en"],
    "rest": ["apps"],
    "stamp": ["0"],
    "name": ["css/dougong.css"],
    "path": ["css/dougong.css"],
    "filename": ["css/dougong.css"],
    "do": ["load"],
}
"""What stands for the parts of an address; a route with another part is a failure until it is named here."""
ASKED = [
    *(
        f"mark={token({'report': name, 'mark': {'row': row}})}"
        for name, row in (("plain", {}), ("by_title", {}), ("by_kept", {"kept": "c"}), ("by_worth", {"worth": 1}))
    ),
    "view=kept_ones",
    "sort=kept",
    "sort=-worth",
    "f=kept.contains.c",
    "f=kept.filled.",
    "f=worth.filled.",
    "kind=kanban&group=kept",
    "columns=kept",
    "fields=kept",
    "ff=kept",
    "field=kept",
    "q=c",
    "filter=kept%20%3C%3E%20%22%22",
    "filter=worth%20%3C%3E%20%22%22",
    "deal=2",
]
"""What a list is asked besides; each names something hidden, or searches with a letter of it."""
NO_RECORDS = {"/sign-out", "/account/password", "/account/sessions/end", "/invite/<token>", "/sign-in/<token>"}
"""What would end the walk."""


def addresses(world, *methods):
    """(address, rule) for every route and every sample of its parts."""
    for rule in world.web.url_map.iter_rules():
        if rule.rule in NO_RECORDS or not rule.methods & set(methods):
            continue
        unknown = rule.arguments - SAMPLES.keys()
        assert not unknown, f"say in SAMPLES what stands for {unknown} of {rule.rule}"
        names = sorted(rule.arguments)
        for values in itertools.product(*(SAMPLES[name] for name in names)):
            path = rule.rule
            for name, value in zip(names, values, strict=True):
                path = re.sub(rf"<(\w+:)?{name}>", value, path)
            yield path, rule


def told(answer):
    """Everything that an answer says, also inside of a workbook."""
    data = answer.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return (data + str(answer.headers).encode()).decode("utf-8", "replace").lower()


def test_no_page_list_file_or_answer_tells_what_its_reader_may_not_see(world):
    for path, rule in addresses(world, "GET"):
        more = ASKED if "form" in rule.arguments and "record" not in rule.arguments else ASKED[-5:-4]
        for query_string in ["", *more]:
            with world.browser.get(path, query_string=query_string) as answer:
                assert answer.status_code < 500, f"{path}?{query_string}"
                assert CANARY not in told(answer), f"{path}?{query_string}"


def test_an_administrator_reads_nothing_of_a_record_by_being_one(world):
    """Neither in messages about it nor in what people said in a run on it; the owner, who may see it, does."""
    adam = world.platform.run(SYSTEM, lambda uow: people.add(uow.session, "adam"))
    world.platform.run(SYSTEM, lambda uow: commands.give(uow, adam, "", "admin"))
    about = {"app": "shop", "form": "shop__deal", "record": world.hidden}
    message = Message("mail", "canary@mail.example", CANARY, CANARY)
    world.platform.run(SYSTEM, lambda uow: outbox.post(uow, message, **about))
    (task,) = [n for n in NUMBERS if _about(world, n) == world.hidden]
    world.browser.post(f"/tasks/{task}", data={"do": "comment", "comment": CANARY})
    seen = set()
    for name in ("adam", "boss"):
        browser = world.sign_in(name)
        for path, _ in addresses(world, "GET"):
            if path.startswith(("/admin", "/metrics")) and CANARY in told(browser.get(path)):
                seen.add((name, path.rstrip("123")))
    assert seen == {("boss", "/admin/outbox"), ("boss", "/admin/runs/")}


def test_the_walk_would_see_a_leak(world):
    """Whoever may see it does, on many of the same routes: else the test above could not fail."""
    boss, seen = world.sign_in("boss"), set()
    for path, rule in addresses(world, "GET"):
        with boss.get(path, query_string="q=c&field=kept" if rule.endpoint.startswith("records.") else "") as answer:
            if CANARY in told(answer):
                seen.add(rule.endpoint)
    assert {
        "records.listing", "records.detail", "records.why", "records.binned", "records.edit", "records.file_of",
        "records.lookup", "records.search", "reports.data", "reports.download",
        "api.listing", "api.one", "api.events", "transfer.step", "transfer.file",
    } <= seen  # fmt: skip


def test_whoever_may_see_it_finds_it_behind_a_mark_too(world):
    behind = world.sign_in("boss").get("/a/shop/r/by_kept/records?mark=" + quote('{"row": {"kept": "canary"}}'))
    assert behind.status_code == 302
    assert CANARY in told(world.sign_in("boss").get(behind.location))
    assert world.browser.get(behind.location).status_code == 403


FORM = {
    "title": "x", "stage": "won", "do": "delete", "ids": ["2"], "field": "title", "value": "won", "version": "1",
    "_version": "1", "body": "x", "name": "x", "text": "x", "comment": "x", "to": "1", "mode": "insert", "kept": "x",
}  # fmt: skip


def test_no_write_reaches_or_tells_what_its_writer_may_not_see(world):
    before = _own(world.row(world.hidden))
    kept = world.row(world.mine)["kept"]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path, rule in addresses(world, method):
            if "task" in path or "/files" in path:
                continue  # tasks open their fields on purpose, below; an upload is one's own
            body = {"json": {"title": "x", "kept": "x"}} if path.startswith("/api") else {"data": FORM}
            with world.browser.open(path, method=method, **body) as answer:
                assert answer.status_code < 500, f"{method} {path}"
                assert CANARY not in told(answer), f"{method} {path} {rule.endpoint}"
    assert _own(world.row(world.hidden)) == before
    assert world.row(world.mine)["kept"] == kept


@pytest.mark.parametrize(
    "path", ["/search?q={}", "/a/shop/deal/lookup?q={}", "/a/shop/deal?q={}", "/a/shop/deal/footer?q={}"]
)
def test_a_search_for_what_is_hidden_is_answered_as_one_for_nothing(world, path):
    answers = [world.browser.get(path.format(text)).text.replace(text, "TEXT") for text in (CANARY, "no such")]
    plain = [re.sub(r"no%20such|no\+such|TEXT", "", text) for text in answers]
    assert plain[0] == plain[1]


def test_a_task_opens_the_fields_of_its_step_and_nothing_else(world):
    """The reader has a task on a record that is not theirs to open: they can work, and see what the step asks."""
    (task,) = [n for n in NUMBERS if _about(world, n) == world.hidden]
    page = world.browser.get(f"/tasks/{task}")
    assert (page.status_code, CANARY in told(page)) == (200, False)
    assert 'name="v-stage"' in page.text
    assert 'name="v-title"' not in page.text
    assert world.browser.get(f"/a/shop/deal/{world.hidden}").status_code == 404
    sent = world.browser.post(f"/tasks/{task}", data={"do": "complete", "v-stage": "won", "v-title": "x"})
    assert (sent.status_code, CANARY in told(sent)) == (303, False)
    row = world.row(world.hidden)
    assert (row["stage"], row["title"]) == ("won", CANARY)


def test_a_button_is_pressed_on_the_record_that_was_looked_at(world):
    """Not on one of the same number in the flow's own form."""
    assert world.browser.get(f"/a/shop/part/{world.part}").status_code == 200
    assert world.browser.post(f"/a/shop/part/{world.part}/flows/press").status_code == 404
    assert world.browser.post(f"/a/shop/deal/{world.mine}/flows/press").status_code == 303


def test_runs_on_records_that_are_not_there_for_one_are_not_listed(world):
    def listed(browser):
        return {one["record"] for one in browser.get("/api/v1/apps/shop/flows/call/instances").json["instances"]}

    assert listed(world.browser) == {world.mine}
    assert listed(world.sign_in("boss")) >= {world.mine, world.hidden}


def _own(row):
    """What people wrote; what follows the reader's own records moves."""
    return {name: row[name] for name in ("title", "stage", "owner", "doc", "kept", "sealed", "_deleted_at")}


def _about(world, number):
    answer = world.browser.get(f"/api/v1/tasks/{number}")
    return answer.json.get("record")
