"""The tables of flows: definitions that were run, runs, where they stand, who has what to do, what happened."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text, text

from engines.core.database.metadata import Id, id_column, system

LIVE = text("state in ('running', 'incident', 'suspended')")
OPEN = text("state = 'open'")
UNDECIDED = text("state in ('open', 'queued')")

version = Table(
    "dg_flow_version",
    system,
    Column("hash", Text, primary_key=True),
    Column("app", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""Definitions that runs were started with; they never change."""

instance = Table(
    "dg_flow_instance",
    system,
    id_column(),
    Column("app", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("form", Text),
    Column("record", Id),
    Column("kept", Text, nullable=False),
    Column("starter", Id),
    Column("cause", Text),
    Column("root", Id),
    Column("depth", Integer, nullable=False),
    Column("dedup_key", Text, unique=True),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("own", Text),
    Index("ix_dg_flow_instance_record", "app", "form", "record"),
    Index("ix_dg_flow_instance_live", "app", "flow", sqlite_where=LIVE, postgresql_where=LIVE),
    Index("ix_dg_flow_instance_root", "root"),
    sqlite_autoincrement=True,
)
"""`form` is the form's id in the app; `kept` the values the flow keeps; `root` the run at the head of a chain of flows
that set each other off, None for the head itself; `own` what this run alone has of its one step: the title, the people
and the deadline of a task that was made by hand or by an action."""

token = Table(
    "dg_flow_token",
    system,
    id_column(),
    Column("instance", Id, nullable=False),
    Column("node", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("fork", Text, nullable=False),
    Column("entered_at", BigInteger, nullable=False),
    Index("ix_dg_flow_token", "instance"),
    sqlite_autoincrement=True,
)
"""Ids are never reused: a new token must not inherit the tasks of a dead one."""

task = Table(
    "dg_task",
    system,
    id_column(),
    Column("app", Text, nullable=False),
    Column("instance", Id, nullable=False),
    Column("token", Id, nullable=False),
    Column("node", Text, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("form", Text),
    Column("record", Id),
    Column("assignee", Id),
    Column("owner", Id),
    Column("extra", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("comment", Text),
    Column("due_at", BigInteger),
    Column("escalated_at", BigInteger),
    Column("reminded_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("acted_at", BigInteger),
    Column("acted_by", Id),
    Column("rev", Integer, nullable=False),
    Index("ix_dg_task_inbox", "assignee", "state", "due_at"),
    Index("ix_dg_task_open", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_dg_task_token", "token"),
    Index("ix_dg_task_instance", "instance"),
    Index("ix_dg_task_record", "app", "form", "record"),
    sqlite_autoincrement=True,
)
"""`kind`: approve or handle. `state`: queued (its turn comes later), open, done, skipped (others decided), cancelled,
expired. `visit` tells apart the times that a run came to a step.
No `assignee`: whoever of its candidates claims it. `owner`: who had it first; `extra`: added by escalation.
`title`: {zh, en} as JSON."""

candidate = Table(
    "dg_task_candidate",
    system,
    Column("task", Id),
    Column("person", Id),
    PrimaryKeyConstraint("person", "task"),
    Index("ix_dg_task_candidate", "task"),
)

log = Table(
    "dg_flow_log",
    system,
    id_column(),
    Column("instance", Id, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("node", Text),
    Column("what", Text, nullable=False),
    Column("actor", Id),
    Column("data", Text),
    Index("ix_dg_flow_log", "instance", "id"),
    sqlite_autoincrement=True,
)

turn = Table(
    "dg_flow_turn",
    system,
    Column("app", Text),
    Column("place", Text),
    Column("person", Id, nullable=False),
    PrimaryKeyConstraint("app", "place"),
)
"""Whose turn it was last in a round robin."""
