"""Spreadsheets in and out: dry run, failed rows with reasons, upsert by key, hostile files."""

import io
import zipfile
from itertools import islice

import pytest
import xlsxwriter

from engines.apps import import_job
from engines.apps.imports import Import, upload
from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.jobs.worker import drain
from engines.core.kernel.errors import Conflict
from engines.core.kernel.work import Actor
from engines.core.records import history, imports, query
from engines.form import exports, submit
from engines.form.imports import Mapping
from engines.form.sheets import BadSheet

FAN = {
    "id": "fan",
    "label": {"zh": "粉丝", "en": "Fans"},
    "title": "handle",
    "fields": [
        {"id": "handle", "type": "text", "label": {"zh": "粉丝昵称", "en": "Handle"}, "required": True,
         "max_length": 20},
        {"id": "platform", "type": "select", "label": {"zh": "主平台", "en": "Platform"}, "required": True, "options": [
            {"id": "douyin", "label": {"zh": "抖音", "en": "Douyin"}},
            {"id": "kuaishou", "label": {"zh": "快手", "en": "Kuaishou"}},
            {"id": "wechat", "label": {"zh": "微信", "en": "WeChat"}},
        ]},
        {"id": "tags", "type": "tags", "label": {"zh": "标签", "en": "Tags"}, "options": [
            {"id": "high_intent", "label": {"zh": "高意向", "en": "High intent"}},
            {"id": "skincare", "label": {"zh": "护肤品偏好", "en": "Skincare"}},
        ]},
        {"id": "total_spend", "type": "money", "label": {"zh": "累计消费", "en": "Total spend"}, "min": 0},
        {"id": "birthday", "type": "date", "label": {"zh": "生日", "en": "Birthday"}},
    ],
}  # fmt: skip
FANS = {
    "id": "fans",
    "version": "1.0.0",
    "name": {"zh": "粉丝", "en": "Fans"},
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [FAN],
}
HEADER = ["粉丝昵称", "主平台", "Tags", "累计消费", "生日", "备注"]


@pytest.fixture
def crm(platform):
    return platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, FANS))


def workbook(rows, header=HEADER):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([header, *rows]):
            sheet.write_row(n, 0, row)
    made.seek(0)
    return made


def csv_file(rows, header=HEADER, encoding="utf-8"):
    return io.BytesIO("\n".join(",".join(map(str, row)) for row in [header, *rows]).encode(encoding))


def bring(platform, form, content, name="fans.xlsx", **choice):
    found = upload(platform, SYSTEM, form, name, content)
    if choice:
        found.choose(Mapping(tuple(found.state()["mapping"]["columns"]), **choice))
    return found


def rows_of(platform, form):
    page = platform.look(SYSTEM, lambda look: query.page(look, form.source, query.Ask(limit=5000)))
    return {row["handle"]: row for row in page.rows}


GOOD = [
    ["小鹿不迷路", "抖音", "高意向、护肤品偏好", 128.5, "1998-06-01", "x"],
    ["阿May", "Kuaishou", "", "1,200", "", ""],
]


def test_headings_in_either_language_find_their_fields(platform, crm):
    found = bring(platform, crm.form("fan"), workbook([]))
    assert found.state()["mapping"]["columns"] == ["handle", "platform", "tags", "total_spend", "birthday", None]


@pytest.mark.parametrize("kind", ["fans.xlsx", "fans.csv", "fans-gbk.csv"])
def test_labels_become_options_and_numbers_stay_exact(platform, crm, kind):
    fan = crm.form("fan")
    rows = [[*GOOD[0]], ["阿May", "快手", "", 1200, "", ""]]
    content = (
        workbook(rows) if kind.endswith("xlsx") else csv_file(rows, encoding="gb18030" if "gbk" in kind else "utf-8")
    )
    found = bring(platform, fan, content, name=kind)
    assert found.check()["failed"] == 0
    assert found.run()["created"] == 2
    fans = rows_of(platform, fan)
    assert (fans["小鹿不迷路"]["total_spend"], fans["小鹿不迷路"]["tags"]) == (12850, ("high_intent", "skincare"))
    assert (fans["阿May"]["platform"], fans["阿May"]["birthday"]) == ("kuaishou", None)


def test_a_dry_run_writes_nothing_and_names_every_bad_cell(platform, crm):
    fan = crm.form("fan")
    bad = [["", "抖音", "", "", "", ""], ["乙", "电视", "", "很多", "昨天", ""]]
    found = bring(platform, fan, workbook([GOOD[0], *bad, [], GOOD[1]]))
    state = found.check()
    assert (state["total"], state["created"], state["failed"]) == (5, 2, 2)
    assert rows_of(platform, fan) == {}
    told = {number: {name: p.code for name, p in problems.items()} for number, _, problems in found.failures()}
    assert told == {
        3: {"handle": "required"},
        4: {"platform": "not_an_option", "total_spend": "not_an_amount", "birthday": "not_a_date"},
    }


def test_the_good_rows_come_in_and_the_bad_ones_go_back_with_reasons(platform, crm):
    fan = crm.form("fan")
    rows = [[f"fan {n}", "抖音" if n % 100 else "?", "", n, "", ""] for n in range(1, 701)]
    found = bring(platform, fan, workbook(rows))
    found.check()
    state = found.run()
    assert (state["state"], state["done"], state["created"], state["failed"]) == ("done", 700, 693, 7)
    assert len(rows_of(platform, fan)) == 693
    back = list(exports.failed_lines(HEADER, found.failures(), lambda name, p: f"{name}:{p.code}", "问题"))
    assert [line[0] for line in back] == ["粉丝昵称", *(f"fan {n}" for n in range(100, 701, 100))]
    assert {line[-1] for line in back[1:]} == {"platform:not_an_option"}


def test_an_import_that_was_cut_off_goes_on_exactly_once(platform, crm):
    fan = crm.form("fan")
    rows = [[f"fan {n}", "抖音", "", n, "", ""] for n in range(1000)]
    found = bring(platform, fan, workbook(rows))
    found.check()
    found._run(found.begin)
    first = list(islice(found._lines(), 300))
    found._run(lambda uow: found._bite(uow, first))
    again = Import(platform, SYSTEM, found.number)
    assert (again.run()["created"], len(rows_of(platform, fan))) == (1000, 1000)


def test_records_are_found_by_key_and_updated_or_added(platform, crm):
    fan = crm.form("fan")
    first = bring(platform, fan, workbook(GOOD))
    first.check()
    first.run()
    rows = [["阿May", "微信", "", "", "", ""], ["新来的", "抖音", "", "", "", ""], ["阿May", "抖音", "", "", "", ""]]
    second = bring(platform, fan, workbook(rows), mode="upsert", key="handle")
    assert {k: second.check()[k] for k in ("created", "updated", "failed")} == {"created": 1, "updated": 1, "failed": 1}
    second.run()
    fans = rows_of(platform, fan)
    assert (fans["阿May"]["platform"], fans["阿May"]["total_spend"], len(fans)) == ("wechat", None, 3)
    event = platform.look(SYSTEM, lambda look: history.events(look, fan.source, fans["阿May"]["_id"]))[0]
    assert (event["cause"], event["cause_ref"]) == ("import", str(second.number))


def test_a_key_that_came_before_the_cut_still_counts(platform, crm):
    fan = crm.form("fan")
    rows = [["甲", "抖音", "", "", "", ""], ["乙", "抖音", "", "", "", ""], ["甲", "微信", "", "", "", ""]]
    found = bring(platform, fan, workbook(rows), mode="upsert", key="handle")
    found.check()
    found._run(found.begin)
    first = list(islice(found._lines(), 2))
    found._run(lambda uow: found._bite(uow, first))
    again = Import(platform, SYSTEM, found.number).run()
    assert (again["created"], again["updated"], again["failed"]) == (2, 0, 1)


def test_a_second_process_at_the_same_file_stops(platform, crm):
    found = bring(platform, crm.form("fan"), workbook(GOOD))
    found.check()
    found._run(found.begin)
    first = list(islice(found._lines(), 1))
    found._run(lambda uow: found._bite(uow, first))
    with pytest.raises(Conflict):
        found._run(lambda uow: found._bite(uow, first))
    assert len(rows_of(platform, crm.form("fan"))) == 1


def test_values_that_must_be_unique_are_refused_in_the_dry_run_and_in_the_run(platform):
    field = FAN["fields"][0] | {"unique": True}
    form = FAN | {"fields": [field, *FAN["fields"][1:]]}
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, FANS | {"forms": [form]}))
    fan = app.form("fan")
    bring(platform, fan, workbook(GOOD)).check()
    first = bring(platform, fan, workbook(GOOD))
    first.check()
    first.run()
    rows = [["阿May", "抖音", "", "", "", ""], ["新", "抖音", "", "", "", ""], ["新", "微信", "", "", "", ""]]
    second = bring(platform, fan, workbook(rows))
    assert second.check()["failed"] == 2
    codes = {n: {name: p.code for name, p in problems.items()} for n, _, problems in second.failures()}
    assert codes == {2: {"handle": "not_unique"}, 4: {"handle": "key_twice"}}
    assert second.run()["created"] == 1


def test_undo_takes_back_what_nobody_changed_since(platform, crm):
    fan = crm.form("fan")
    rows = [[f"fan {n}", "抖音", "", n, "", ""] for n in range(450)]
    found = bring(platform, fan, workbook(rows))
    found.check()
    found.run()
    kept = rows_of(platform, fan)["fan 7"]["_id"]
    platform.run(SYSTEM, lambda uow: submit.change_record(uow, fan, kept, {"total_spend": 5}))
    state = found.undo()
    assert (state["state"], state["done"]) == ("undone", 449)
    assert list(rows_of(platform, fan)) == ["fan 7"]
    with pytest.raises(Conflict):
        found.undo()


def test_a_job_takes_it_in_slices_and_ends(platform, crm, monkeypatch):
    fan = crm.form("fan")
    monkeypatch.setattr(import_job, "SLICE", 0.0)
    rows = [[f"fan {n}", "抖音" if n else "?", "", n, "", ""] for n in range(1500)]
    found = bring(platform, fan, workbook(rows))
    platform.run(SYSTEM, lambda uow: import_job.start(uow, found.number, "check"))
    assert drain(platform) > 1
    assert {name: found.state()[name] for name in ("state", "total", "created", "failed")} == {
        "state": "checked", "total": 1500, "created": 1499, "failed": 1,
    }  # fmt: skip
    platform.run(SYSTEM, lambda uow: import_job.start(uow, found.number, "run"))
    assert drain(platform) > 1
    assert (found.state()["state"], len(rows_of(platform, fan))) == ("done", 1499)


def test_who_lost_the_right_meanwhile_is_stopped_and_told(platform, crm):
    found = bring(platform, crm.form("fan"), workbook(GOOD))
    number = platform.run(SYSTEM, lambda uow: people.add(uow.session, "may"))
    platform.run(SYSTEM, lambda uow: uow.session.run(imports.imports.update().values(actor=number)))
    platform.run(SYSTEM, lambda uow: import_job.start(uow, found.number, "check"))
    drain(platform)
    state = Import(platform, Actor(number, "may"), found.number)
    row = platform.db.read(lambda session: session.run(imports.imports.select()).fetchone())
    assert "权限" in str(row)
    assert state.number == found.number


def test_an_import_needs_its_dry_run_first(platform, crm):
    with pytest.raises(Conflict):
        bring(platform, crm.form("fan"), workbook(GOOD)).run()


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, body in parts.items():
            book.writestr(name.replace("__", "/"), body)
    made.seek(0)
    return made


HOSTILE = {
    "bomb.xlsx": lambda: zipped(**{"xl__worksheets__sheet1.xml": b" " * 400_000_000}),
    "entities.xlsx": lambda: zipped(**{"xl__workbook.xml": b'<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'}),
    "climber.xlsx": lambda: zipped(**{"..__evil.xml": b"<a/>"}),
    "broken.xlsx": lambda: io.BytesIO(b"PK\x03\x04garbage"),
    "page.xlsx": lambda: io.BytesIO(b"<html>"),
    "empty.xlsx": lambda: io.BytesIO(b""),
    "bytes.csv": lambda: io.BytesIO(b"a\0b"),
    "program.exe": lambda: io.BytesIO(b"MZ"),
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_not_kept(platform, crm, name):
    with pytest.raises(BadSheet) as refused:
        upload(platform, SYSTEM, crm.form("fan"), name, HOSTILE[name]())
    assert "读不了" in refused.value.say("zh")
    assert "cannot be read" in refused.value.say("en")
    assert list((platform.data / "imports").iterdir()) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_goes_out_comes_in_again_and_nothing_runs(platform, crm, tmp_path):
    fan = crm.form("fan")
    first = bring(platform, fan, workbook([*GOOD, ["=1+1", "抖音", "", -5 + 10, "", ""]]))
    first.check()
    first.run()

    def export(look):
        return list(exports.lines(look, fan, query.Ask(), language="zh", people=lambda _look, _ids: {}))

    lines = platform.look(SYSTEM, export)
    made = io.StringIO()
    exports.write_csv(made, lines)
    assert '"\'=1+1"' in made.getvalue()
    exports.write_xlsx(tmp_path / "out.xlsx", lines)
    with (tmp_path / "out.xlsx").open("rb") as content:
        again = bring(platform, fan, content, mode="upsert", key="handle")
    assert {k: again.check()[k] for k in ("updated", "failed")} == {"updated": 3, "failed": 0}
    before = rows_of(platform, fan)
    again.run()
    assert rows_of(platform, fan) == before
