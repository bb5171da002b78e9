"""A newer program on older data: the platform's own tables follow at start, or nothing changes and it says why."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from engines.apps import workspace
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.database import meta, upgrade
from engines.core.database.engines import open_database, sqlite_module
from engines.core.database.revision import FIRST, Revision, newest, revisions
from engines.form import submit

from ..conftest import ROOT, read_folder
from .kept_tables import declared, kept

EACH_RELEASE = [f"{number:04}" for number in range(FIRST, newest())]
PERSON = "INSERT INTO dg_person (name, state, rights_version, created) VALUES ('owner', 'active', 1, 1)"
OWNER = "INSERT INTO dg_person_role (person, app, role) VALUES (1, '', 'owner')"


@pytest.fixture
def place(tmp_path, backend, request):
    """(folder, database address) of a workspace that is not there yet."""
    return tmp_path, request.getfixturevalue("schema") if backend == "postgresql" else ""


def run(place, statements):
    """SQL into the database as any tool would."""
    folder, url = place
    connect = psycopg.connect(url) if url else sqlite_module().connect(str(folder / "dougong.db"))
    with connect as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def older(place, number=FIRST):
    """A workspace as the release with this number left it."""
    run(place, [*kept(number, "postgresql" if place[1] else "sqlite"), PERSON, OWNER])
    if number > FIRST:
        run(place, [f"INSERT INTO dg_meta (name, value) VALUES ('tables', '{number}')"])  # noqa: S608  a number of ours


def opened(place):
    return open_platform(place[0], url=place[1])


def look(place, fn):
    """What fn(session) finds, without a start of the platform."""
    db = open_database(place[1] or f"sqlite:///{place[0] / 'dougong.db'}")
    try:
        return db.read(fn)
    finally:
        db.close()


class Next(Revision):
    """The change of a program to come."""

    type = f"{newest() + 1:04}"
    label = {"zh": "下一步", "en": "Next"}

    def up(self, session):
        session.driver.execute("UPDATE dg_person SET display = name")


class Breaks(Next):
    def up(self, session):
        super().up(session)
        session.driver.execute("ALTER TABLE dg_person ADD COLUMN half TEXT")
        raise RuntimeError("power cut")


@pytest.mark.parametrize("number", EACH_RELEASE)
def test_the_data_of_an_earlier_release_is_brought_up_and_works(place, number):
    older(place, int(number))
    platform = opened(place)
    assert platform.look(SYSTEM, lambda look: upgrade.gaps(look.session)) == []
    assert platform.look(SYSTEM, lambda look: meta.get(look.session, "tables")) == str(newest())
    assert [one["name"] for one in platform.look(SYSTEM, lambda look: people.everyone(look.session))] == ["owner"]
    definition = read_folder(ROOT / "tests" / "apps" / "fans")
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
    made = platform.run(
        SYSTEM, lambda uow: submit.create_record(uow, app.form("fan"), {"handle": "May", "platform": "douyin"})
    )
    assert made.id == 1
    platform.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_before_an_upgrade_a_copy_of_the_older_database_is_kept(place):
    older(place)
    opened(place).close()
    copy = sqlite_module().connect(str(place[0] / workspace.kept_as(FIRST)))
    assert "own" not in {row[1] for row in copy.execute("pragma table_info(dg_flow_instance)")}
    assert copy.execute("select name from dg_person").fetchall() == [("owner",)]
    copy.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_start_that_changes_nothing_makes_no_copy(place):
    opened(place).close()
    opened(place).close()
    assert list(place[0].glob("before-upgrade*")) == []


def test_a_step_is_done_once(place):
    opened(place).close()
    run(place, [PERSON])
    with revisions.temporarily(Next):
        opened(place).close()
        run(place, ["UPDATE dg_person SET display = 'Mei'"])
        opened(place).close()
    assert look(place, lambda session: session.run(people.person.select()).fetchone()[2]) == "Mei"


def test_processes_that_start_together_upgrade_once(place):
    older(place)
    with revisions.temporarily(Next), ThreadPoolExecutor(3) as starts:
        for platform in list(starts.map(lambda _n: opened(place), range(3))):
            platform.close()
    assert look(place, lambda session: meta.get(session, "tables")) == Next.type.lstrip("0")


def test_an_upgrade_that_breaks_leaves_the_workspace_as_it_was(place):
    opened(place).close()
    run(place, [PERSON])
    with revisions.temporarily(Breaks), pytest.raises(RuntimeError, match="power cut"):
        opened(place)
    assert look(place, lambda session: meta.get(session, "tables")) == str(newest())
    assert look(place, upgrade.gaps) == []
    assert look(place, lambda session: session.run(people.person.select()).fetchone()[2]) is None


def test_data_of_a_newer_program_is_refused_in_words_that_name_the_mend(place):
    with revisions.temporarily(Next):
        opened(place).close()
    with pytest.raises(upgrade.NewerDatabase) as refused:
        opened(place)
    assert "装上新程序" in refused.value.say("zh")
    assert "restore the copy" in refused.value.say("en")
    assert str(newest() + 1) in refused.value.say("en")


def test_a_folder_from_before_the_first_release_gets_the_columns_it_lacks(place):
    older(place)
    run(place, ["ALTER TABLE dg_outbox DROP COLUMN answer", "DROP TABLE dg_view", "DROP INDEX ix_dg_task_token"])
    opened(place).close()
    assert look(place, upgrade.gaps) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE dg_outbox DROP COLUMN subject", "dg_outbox.subject is missing"),
        ("ALTER TABLE dg_outbox ADD COLUMN mine TEXT", "dg_outbox.mine is not known"),
    ],
)
def test_tables_that_differ_are_named_and_nothing_is_changed(place, change, told):
    older(place)
    run(place, [change])
    with pytest.raises(upgrade.TablesDiffer) as refused:
        opened(place)
    assert told in refused.value.say("en")
    assert told in refused.value.say("zh")
    assert "dg_flow_instance.own is missing" in look(place, upgrade.gaps)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_tables_changed_together_with_a_revision_and_a_kept_copy_of_them(backend):
    """Whoever changes a dg_* table adds a revision and runs `python -m tests.engines.kept_tables`."""
    assert [" ".join(one.split()) for one in declared(backend)] == [
        " ".join(one.split()) for one in kept(newest(), backend)
    ]


def test_revisions_are_numbered_without_a_gap_and_named_in_both_languages():
    assert [int(one.type) for one in revisions] == list(range(FIRST + 1, newest() + 1))
    assert all({"zh", "en"} <= one.label.keys() for one in revisions)
