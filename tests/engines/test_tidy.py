"""What grows by itself is pruned at night: as long as the settings say, in small batches, and never what people did."""

import io
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from engines.apps import tidy
from engines.apps.platform import SYSTEM
from engines.core.access import audit, people, sessions
from engines.core.access.tables import link, session
from engines.core.database.retention import BATCH, kept
from engines.core.jobs import incidents, queue, worker
from engines.core.kernel import clock, settings
from engines.core.kernel.errors import NotFound
from engines.core.messages.notices import notice
from engines.core.messages.outbox import outbox
from engines.core.records import answers, comments, files, query
from engines.core.records.tables import history
from engines.form import submit

DAY = 86_400 * 1_000_000
MAY = {"handle": "May", "platform": "douyin"}


def night(platform):
    """As the worker does it; plans the next one."""
    platform.run(SYSTEM, lambda uow: queue.enqueue(uow, "tidy", key="tidy", replace=True))
    return worker.drain(platform)


def put(platform, table, *rows):
    def write(uow):
        for row in rows:
            uow.session.run(insert(table).values(**row))

    platform.run(SYSTEM, write)


def count(platform, table):
    return platform.look(SYSTEM, lambda look: look.session.run(select(func.count()).select_from(table)).fetchone()[0])


def ago(days):
    return clock.now() - days * DAY


def message(state, days):
    row = {"at": ago(days), "channel": "mail", "to": "a@b.example", "subject": "s", "body": "b", "data": "{}"}
    return row | {"state": state, "sent_at": ago(days) if state == "sent" else None}


def test_sent_messages_go_after_ninety_days_and_unsent_ones_stay(platform):
    put(platform, outbox, message("sent", 91), message("sent", 89), message("kept", 500), message("failed", 500))
    night(platform)
    assert count(platform, outbox) == 3


def test_how_long_is_a_setting_and_nought_is_for_ever(platform):
    put(platform, outbox, message("sent", 91), message("sent", 40))
    for days, left in ((0, 2), (30, 0)):
        platform.services["settings"] = replace(platform.settings, keep={"outbox": days})
        night(platform)
        assert count(platform, outbox) == left


def test_days_to_keep_come_from_the_file_and_the_environment_stands_above(tmp_path):
    (tmp_path / "settings.toml").write_text("[keep]\noutbox = 10\nanswers = 2\n")
    found = settings.load(tmp_path, {"DOUGONG_KEEP_OUTBOX": "20"})
    assert found.keep == {"outbox": 20, "answers": 2}


def test_more_than_a_batch_is_taken_in_batches(platform):
    put(platform, outbox, *[message("sent", 100) for _ in range(BATCH * 2 + 1)])
    assert night(platform) == 1 + len(list(kept)) + 2
    assert count(platform, outbox) == 0


def test_ended_sessions_spent_links_and_old_answers_go(platform):
    def write(uow):
        sessions.open_for(uow.session, 1)
        people.make_link(uow.session, "owner")
        answers.remember(uow, "fresh", "1")

    platform.run(SYSTEM, write)
    old = {"person": 1, "agent": "", "created": 1, "seen": ago(40), "expires": ago(31)}
    put(platform, session, {"hash": "x", **old})
    put(platform, link, {"hash": "y", "person": 1, "purpose": "sign_in", "expires": ago(31)})
    put(platform, answers.answers, *[{"actor": 1, "key": f"k{n}", "at": ago(8), "answer": "1"} for n in range(3)])
    night(platform)
    assert [count(platform, table) for table in (session, link, answers.answers)] == [1, 1, 1]


def test_notices_and_incidents_that_were_dealt_with_go_and_open_ones_stay(platform):
    told = {"person": 1, "kind": "note", "text": "{}"}
    put(platform, notice, told | {"at": ago(181)}, told | {"at": ago(179)})
    wrong = {"kind": "job", "code": "failed", "details": "{}", "opened_at": ago(900)}
    put(platform, incidents.incident, wrong, wrong | {"closed_at": ago(401)}, wrong | {"closed_at": ago(399)})
    night(platform)
    assert [count(platform, table) for table in (notice, incidents.incident)] == [1, 2]


def test_history_and_audit_are_never_pruned(platform, crm):
    with clock.frozen(ago(3000)):
        platform.run(SYSTEM, lambda uow: submit.create_record(uow, crm.form("fan"), MAY))
        platform.run(SYSTEM, lambda uow: audit.record(uow, "seen", "app:fans"))
    before = [count(platform, table) for table in (history, audit.audit)]
    night(platform)
    assert [count(platform, table) for table in (history, audit.audit)] == before


def test_a_night_plans_the_next_one_once_at_half_past_three_of_the_app(platform, crm):
    with clock.frozen(1_790_000_000_000_000):
        tidy.plan(platform)
        tidy.plan(platform)
        due = platform.look(SYSTEM, queue.next_due)
    with clock.frozen(due):
        assert worker.drain(platform) == 1 + len(list(kept))
    following = platform.look(SYSTEM, queue.next_due)
    assert following > due
    assert (due + 8 * 3600 * 1_000_000) % DAY == (following + 8 * 3600 * 1_000_000) % DAY == 3.5 * 3600 * 1_000_000


# ---- the bin


def test_the_bin_is_emptied_after_thirty_days_with_tags_history_and_comments(platform, crm):
    fan = crm.form("fan")
    with clock.frozen(ago(40)):
        old, young = [platform.run(SYSTEM, lambda uow: submit.create_record(uow, fan, MAY)).id for _ in range(2)]
        platform.run(SYSTEM, lambda uow: comments.add(uow, fan.source, old, "Asked twice"))
    for record, days in ((old, 31), (young, 29)):
        with clock.frozen(ago(days)):
            platform.run(SYSTEM, lambda uow, n=record: submit.delete_record(uow, fan, n))
    night(platform)
    binned = platform.look(SYSTEM, lambda look: query.page(look, fan.source, query.Ask(binned=True)))
    assert [row["_id"] for row in binned.rows] == [young]
    assert count(platform, comments.comment_table) == 0
    told = select(func.count()).select_from(history).where(history.c.record == old)
    assert platform.look(SYSTEM, lambda look: look.session.run(told).fetchone()[0]) == 0
    with pytest.raises(NotFound):
        platform.run(SYSTEM, lambda uow: submit.restore_record(uow, fan, old))


# ---- files


FORM = {
    "id": "f",
    "label": {"zh": "f", "en": "f"},
    "title": "name",
    "fields": [
        {"id": "name", "type": "text", "label": {"zh": "n", "en": "n"}},
        {"id": "paper", "type": "file", "label": {"zh": "p", "en": "p"}},
    ],
}
APP = {
    "id": "papers",
    "version": "1.0.0",
    "name": {"zh": "p", "en": "p"},
    "languages": ["en"],
    "zone": "UTC",
    "forms": [FORM],
}


def uploaded(platform, text, days):
    folder = files.Folder(platform.data / "files")
    stored = folder.keep(io.BytesIO(text), "a.txt")
    with clock.frozen(ago(days)):
        number = platform.run(SYSTEM, lambda uow: files.enter(uow, stored))
    return number, folder.path(stored.sha256)


@pytest.fixture
def yesterday(monkeypatch):
    """Bytes on the disk count as old."""
    plain = files.Folder.drop
    monkeypatch.setattr(files.Folder, "drop", lambda self, sha, *, before: plain(self, sha, before=before + 3 * DAY))


def test_a_file_that_no_record_holds_goes_after_a_day(platform, yesterday):
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    (held, there), (_, fresh), (_, gone) = [
        uploaded(platform, text, days) for text, days in ((b"held", 2), (b"fresh", 0), (b"gone", 2))
    ]
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, app.form("f"), {"name": "a", "paper": [held]}))
    night(platform)
    assert (there.exists(), fresh.exists(), gone.exists()) == (True, True, False)
    assert count(platform, files.file_table) == 2


def test_a_file_in_a_field_that_was_taken_away_stays(platform, yesterday):
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    held, there = uploaded(platform, b"held", 2)
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, app.form("f"), {"name": "a", "paper": [held]}))
    without = APP | {"forms": [FORM | {"fields": FORM["fields"][:1]}]}
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, without))
    night(platform)
    assert there.exists()


def test_bytes_that_were_uploaded_again_meanwhile_stay(platform):
    _, there = uploaded(platform, b"twice", 2)
    night(platform)
    assert count(platform, files.file_table) == 0
    assert there.exists()
