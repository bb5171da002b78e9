"""A backup is the whole workspace, from either database into either one; a restored copy does nothing by itself."""

import io

import pytest
from sqlalchemy import func, select

from engines.apps import restored
from engines.apps.backup import LEFT_OUT, backup, verify
from engines.apps.platform import SYSTEM, open_platform
from engines.apps.restore import NotEmpty, restore
from engines.core.access import audit, people
from engines.core.database import portable, revision, upgrade
from engines.core.database.metadata import system
from engines.core.jobs import queue, worker
from engines.core.kernel.errors import Invalid
from engines.core.messages import outbox
from engines.core.messages.base import Message
from engines.core.records import files, query, rebuild
from engines.form import submit

from .jobs.kinds import notes


def label(text):
    return {"zh": text, "en": text}


FIELDS = [
    {"id": "name", "type": "text", "label": label("Name"), "required": True, "unique": True},
    {"id": "price", "type": "money", "label": label("Price"), "currency": "CNY"},
    {"id": "score", "type": "number", "label": label("Score")},
    {"id": "tags", "type": "tags", "label": label("Tags"), "options": [{"id": "hot", "label": label("Hot")}]},
    {"id": "papers", "type": "file", "label": label("Papers"), "multiple": True},
    {"id": "lines", "type": "subform", "label": label("Lines"), "fields": [
        {"id": "what", "type": "text", "label": label("What")},
        {"id": "many", "type": "number", "label": label("Many")},
    ]},
]  # fmt: skip
GOODS = {"id": "goods", "label": label("Goods"), "title": "name", "fields": FIELDS}
GONE = {"id": "gone", "label": label("Gone"), "title": "name", "fields": FIELDS[:1]}


def app(*forms):
    return {
        "id": "shop", "version": "1.0.0", "name": label("Shop"), "languages": ["en", "zh"], "zone": "UTC",
        "forms": list(forms),
    }  # fmt: skip


def publish(platform, *forms):
    return platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, app(*forms)))


def create(platform, form, **values):
    def command(uow):
        return submit.create_record(uow, uow.apps.form("shop", form), values)

    return platform.run(SYSTEM, command).id


@pytest.fixture
def filled(platform):
    """Records of every shape, one in the bin, a hole in the ids, a field and a form that were taken away."""
    publish(platform, GOODS, GONE)
    stored = files.Folder(platform.data / "files").keep(io.BytesIO(b"photo"), "a.png")
    paper = platform.run(SYSTEM, lambda uow: files.enter(uow, stored))
    lines = [{"what": "左", "many": 1}, {"what": "right", "many": 2.5}]
    create(platform, "goods", name="灯 🎏", price="19.90", score=0.1, tags=["hot"], papers=[paper], lines=lines)
    last = create(platform, "goods", name="last")
    platform.run(SYSTEM, lambda uow: submit.delete_record(uow, uow.apps.form("shop", "goods"), last))
    create(platform, "gone", name="away")
    publish(platform, GOODS | {"fields": [f for f in FIELDS if f["id"] not in ("score", "tags")]})
    return platform


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, tmp_path):
    """(folder, address) of where a copy is to go."""
    return tmp_path / "copy", request.getfixturevalue("another_schema") if request.param == "postgresql" else ""


@pytest.fixture
def copy(filled, target, tmp_path):
    """The filled workspace, backed up and restored."""
    backup(filled, tmp_path / "all.dougong")
    restore(tmp_path / "all.dougong", target[0], url=target[1])
    made = open_platform(target[0], url=target[1])
    yield made
    made.close()


def dump(platform):
    """Every row of every table that a backup holds."""

    def read(session):
        own = {t.name: [str(c.name) for c in t.columns] for t in system.sorted_tables if t.name not in LEFT_OUT}
        made = {name: sorted(columns) for name, columns in rebuild.noted(session).items()}
        return {name: sorted(portable.rows(session, name, names), key=repr) for name, names in (own | made).items()}

    return platform.db.read(read)


def test_a_copy_holds_the_very_same_rows_whichever_database_it_came_from_and_went_to(filled, copy):
    before, after = dump(filled), dump(copy)
    indexes = {"dg_column"}
    assert {name: rows for name, rows in after.items() if name not in indexes} == {
        name: rows for name, rows in before.items() if name not in indexes
    }
    assert len(after["shop__goods"]) == 2
    assert len(after["shop__goods__tags"]) == len(after["shop__gone"]) == 1
    assert copy.db.read(upgrade.gaps) == []


def test_a_copy_works_on_and_hands_out_no_id_twice(filled, copy):
    assert create(copy, "goods", name="new") == create(filled, "goods", name="new") == 3
    source = copy.look(SYSTEM, lambda look: look.apps.form("shop", "goods")).source
    row = copy.look(SYSTEM, lambda look: query.one(look, source, 1))
    assert (row["name"], row["price"]) == ("灯 🎏", 1990)
    assert [line["what"] for line in row["lines"]] == ["左", "right"]
    (held,) = copy.look(SYSTEM, lambda look: files.known(look, row["papers"])).values()
    assert (copy.data / "files" / held["sha256"][:2] / held["sha256"]).read_bytes() == b"photo"
    assert copy.look(SYSTEM, lambda look: audit.verify(look.session))[1] is None


def test_what_was_taken_away_comes_back_in_the_copy_with_its_data_and_its_indexes(copy):
    publish(copy, GOODS, GONE)
    source = copy.look(SYSTEM, lambda look: look.apps.form("shop", "goods")).source
    row = copy.look(SYSTEM, lambda look: query.one(look, source, 1))
    assert (row["score"], row["tags"]) == (0.1, ("hot",))
    with pytest.raises(Invalid):
        create(copy, "gone", name="away")


def post(platform, name):
    """A message that waits to be sent, and a job that is due."""

    def command(uow):
        number = outbox.post(uow, Message("webhook", "https://hooks.team.org/x", "s", name, {}))
        queue.enqueue(uow, "test_write", {"note": name})
        return number

    return platform.run(SYSTEM, command)


@pytest.fixture
def waiting(platform, target, tmp_path):
    """A copy of a workspace in which something was about to happen."""
    post(platform, "before")
    backup(platform, tmp_path / "all.dougong")
    restore(tmp_path / "all.dougong", target[0], url=target[1])
    made = open_platform(target[0], url=target[1])
    yield made
    made.close()


def states(platform):
    return [one["state"] for one in platform.look(SYSTEM, outbox.listed)]


def test_a_copy_does_nothing_that_is_due_until_it_is_let_go(waiting):
    post(waiting, "in the copy")
    assert worker.drain(waiting) == 0
    assert states(waiting) == ["queued", "queued"]
    told = waiting.look(SYSTEM, restored.told)
    assert (told["messages"], told["jobs"]) == (2, 4)
    assert told["restored"] >= told["taken"]


def test_let_go_without_its_messages_a_copy_does_its_jobs_and_sends_none(waiting):
    assert waiting.run(SYSTEM, lambda uow: restored.release(uow, send=False)) == 1
    worker.drain(waiting)
    assert states(waiting) == ["kept"]
    assert notes(waiting, SYSTEM) == ["before"]
    assert waiting.look(SYSTEM, restored.told) is None
    assert [e["what"] for e in waiting.look(SYSTEM, lambda look: audit.entries(look.session))] == ["copy_released"]
    assert waiting.run(SYSTEM, lambda uow: restored.release(uow, send=True)) == 0


def test_the_original_goes_on_while_copies_hold_back(platform, waiting):
    assert worker.drain(platform) >= 1
    assert notes(platform, SYSTEM) == ["before"]


def test_a_database_that_holds_something_is_not_written_into(filled, target, tmp_path):
    backup(filled, tmp_path / "all.dougong")
    there = open_platform(tmp_path / "there", url=target[1])
    there.run(SYSTEM, lambda uow: people.add(uow.session, "mei"))
    there.close()
    folder = target[0] if target[1] else tmp_path / "there"
    with pytest.raises(NotEmpty):
        restore(tmp_path / "all.dougong", folder, url=target[1])
    again = open_platform(tmp_path / "there", url=target[1])
    assert [one["name"] for one in again.look(SYSTEM, lambda look: people.everyone(look.session))] == ["mei"]
    again.close()


def test_a_backup_is_of_one_instant_while_people_go_on_saving(filled, tmp_path, monkeypatch):
    plain, done = portable.rows, []

    def rows(session, table, names):
        if not done and table == "dg_history":
            done.append(create(filled, "goods", name="meanwhile"))
        return plain(session, table, names)

    monkeypatch.setattr(portable, "rows", rows)
    found = backup(filled, tmp_path / "all.dougong")
    monkeypatch.undo()
    assert done == [3]
    assert found["rows"] == verify(tmp_path / "all.dougong")["rows"]
    restore(tmp_path / "all.dougong", tmp_path / "copy")
    made = open_platform(tmp_path / "copy")
    table = made.look(SYSTEM, lambda look: look.apps.form("shop", "goods")).source.table
    assert made.db.read(lambda s: s.run(select(func.count()).select_from(table)).fetchone()[0]) == 2
    made.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_rows_of_older_tables_fit_while_every_step_only_added(platform, tmp_path, monkeypatch):
    assert revision.rows_fit(revision.FIRST)
    assert not revision.rows_fit(revision.newest() + 1)
    monkeypatch.setattr(revision.revisions.get("0002").__class__, "additive", False)
    assert not revision.rows_fit(revision.FIRST)
