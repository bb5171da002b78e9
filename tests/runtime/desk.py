"""A small app with flows, a team with somebody above it, and browsers for each: for tests of the pages about tasks."""

from contextlib import contextmanager

from engines.apps.platform import SYSTEM
from engines.core.access import commands, departments, people
from engines.core.jobs import worker
from engines.core.kernel import clock
from engines.core.kernel.work import Actor
from engines.flow import inbox
from engines.form import submit
from runtime.web import create_app

from .shop import options, words

T0 = 1_790_000_000_000_000
"""2026-09-21 22:13:20 in Shanghai."""
MINUTE = 60 * 1_000_000
HOUR = 60 * MINUTE
DEAL = {
    "id": "deal",
    "label": words("商机", "Deals"),
    "one": words("商机", "deal"),
    "title": "name",
    "fields": [
        {"id": "name", "type": "text", "label": words("名称", "Name"), "required": True},
        {"id": "stage", "type": "select", "label": words("阶段", "Stage"),
         "options": options(("new", "新", "New"), ("won", "赢了", "Won"), ("lost", "丢了", "Lost"))},
        {"id": "amount", "type": "money", "label": words("金额", "Amount")},
        {"id": "floor", "type": "text", "label": words("底价", "Floor price")},
        {"id": "owner", "type": "person", "label": words("负责人", "Owner")},
        {"id": "note", "type": "long_text", "label": words("备注", "Note")},
    ],
}  # fmt: skip
END = {"id": "end", "type": "end", "label": words("结束", "End")}
CALL = {
    "id": "call",
    "label": words("首次联系", "First call"),
    "form": "deal",
    "trigger": {"type": "record_created", "when": 'stage = "new"'},
    "nodes": [
        {"id": "call", "type": "handle", "label": words("打电话", "Call"), "assign": [{"field": "owner"}],
         "title": words("联系 {{name}}", "Call {{name}}"), "help": words("先看备注", "Read the note first"),
         "fields": ["stage", "note"], "required": ["note"], "due": "PT2H",
         "deadlines": [{"after": "PT2H", "do": "escalate", "to": [{"supervisor": "assignee"}], "mode": "add"}]},
        END,
    ],
    "edges": [{"id": "a", "from": "start", "to": "call"}, {"id": "b", "from": "call", "to": "end"}],
}  # fmt: skip
DISCOUNT = {
    "id": "discount",
    "label": words("折扣审批", "Discount"),
    "form": "deal",
    "trigger": {"type": "button", "when": "amount > 0"},
    "nodes": [
        {"id": "ok", "type": "approve", "label": words("主管批", "The boss decides"),
         "assign": [{"role": "boss"}], "title": words("批准 {{name}}", "Approve {{name}}"), "mode": "any"},
        END,
    ],
    "edges": [{"id": "a", "from": "start", "to": "ok"}, {"id": "b", "from": "ok", "to": "end", "port": "approve"},
              {"id": "c", "from": "ok", "to": "end", "port": "reject"}],
}  # fmt: skip
PICK = {
    "id": "pick",
    "label": words("抢单", "Pick up"),
    "form": "deal",
    "trigger": {"type": "record_created", "when": 'stage = "lost"'},
    "nodes": [
        {"id": "pick", "type": "handle", "label": words("领一单", "Pick"), "assign": [{"role": "seller"}],
         "claim": "queue", "title": words("挽回 {{name}}", "Win back {{name}}")},
        END,
    ],
    "edges": [{"id": "a", "from": "start", "to": "pick"}, {"id": "b", "from": "pick", "to": "end"}],
}  # fmt: skip
BROKEN = {
    "id": "broken",
    "label": words("会卡住", "Gets stuck"),
    "form": "deal",
    "trigger": {"type": "record_created", "when": 'stage = "won"'},
    "nodes": [
        {"id": "set", "type": "action", "label": words("改金额", "Set the amount"),
         "do": {"type": "set_field", "values": [{"field": "amount", "formula": "1 / amount"}]}},
        END,
    ],
    "edges": [{"id": "a", "from": "start", "to": "set"}, {"id": "b", "from": "set", "to": "end"}],
}  # fmt: skip
APP = {
    "id": "desk",
    "version": "1.0.0",
    "name": words("商务", "Desk"),
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [DEAL],
    "roles": [
        {"id": "seller", "label": words("销售", "Seller"), "flows": "*",
         "forms": {"deal": {"actions": ["view", "create", "edit", "comment", "history"], "rows": "own",
                            "own_by": ["owner"], "fields": {"floor": "hidden"}}}},
        {"id": "boss", "label": words("主管", "Boss"), "flows": "*",
         "forms": {"deal": {"actions": "*", "rows": "all"}}},
    ],
    "flows": [CALL, DISCOUNT, PICK, BROKEN],
}  # fmt: skip


class Desk:
    """owner above boss above ann and bob; cy stands elsewhere."""

    def __init__(self, platform):
        self.platform, self.now, self.browsers = platform, T0, {}
        self.ids = self.run(_staff)
        self.run(lambda uow: platform.catalog.publish(uow, APP))
        self.run(self._roles)
        self.web = create_app(platform, b"secret")

    def _roles(self, uow):
        for name in ("ann", "bob", "boss"):
            commands.give(uow, self.ids[name], "desk", "boss" if name == "boss" else "seller")

    @contextmanager
    def moment(self):
        with clock.frozen(self.now):
            yield

    def run(self, fn, who=None):
        with self.moment():
            return self.platform.run(Actor(self.ids[who], who) if who else SYSTEM, fn)

    def look(self, fn):
        with self.moment():
            return self.platform.look(SYSTEM, fn)

    def deal(self, who="ann", **values):
        """A new deal; `new` ones are to be called by their owner."""
        form = self.look(lambda look: look.apps.form("desk", "deal"))
        given = {"name": "大单", "stage": "new", "owner": self.ids[who], **values}
        return self.run(lambda uow: submit.create_record(uow, form, given)).id

    def row(self, record):
        form = self.look(lambda look: look.apps.form("desk", "deal"))
        return self.look(lambda look: self.platform.services["records"].read(look, form, record))

    def wait(self, micros):
        self.now += micros
        with self.moment():
            worker.drain(self.platform)

    def change(self, record, who, **values):
        form = self.look(lambda look: look.apps.form("desk", "deal"))
        self.run(lambda uow: submit.change_record(uow, form, record, values), who)

    def tasks(self, who):
        """What somebody has to do, the most urgent first."""
        return [one["id"] for one in self.look(lambda look: inbox.inbox(look, self.ids[who])).rows]

    def task(self, who):
        (found,) = self.tasks(who)
        return found

    def browser(self, who, language="zh"):
        if who not in self.browsers:
            client = self.web.test_client()
            token = self.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, who))
            assert client.get(f"/sign-in/{token}").status_code == 302
            self.browsers[who] = client
        self.browsers[who].set_cookie("language", language)
        return self.browsers[who]

    def get(self, who, path, language="zh"):
        with self.moment():
            return self.browser(who, language).get(path)

    def post(self, who, path, *, script=False, language="zh", **data):
        headers = {"HX-Request": "true"} if script else {}
        with self.moment():
            return self.browser(who, language).post(path, data=data, headers=headers)


def _staff(uow):
    known = {one["name"]: one["id"] for one in people.everyone(uow.session)}
    ids = known | {name: people.add(uow.session, name, display=shown) for name, shown in NAMES.items()}
    top = departments.add(uow.session, "Company", head=ids["owner"])
    sales = departments.add(uow.session, "Sales", parent=top, head=ids["boss"])
    for name in ("boss", "ann", "bob"):
        departments.place(uow.session, ids[name], [sales])
    return ids


NAMES = {"boss": "王芳", "ann": "小安", "bob": "阿宝", "cy": "旁人"}
