"""The tables of people: who they are, where they stand, what they were given, and how they come in."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from engines.core.database.metadata import Id, id_column, system

person = Table(
    "dg_person",
    system,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("display", Text),
    Column("email", Text),
    Column("state", Text, nullable=False),
    Column("language", Text),
    Column("password", Text),
    Column("rights_version", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("tours", Text),
    sqlite_autoincrement=True,
)
"""`name` is the handle one signs in by; `state`: active or suspended; `password`: an argon2id hash; `tours`: the names
of the tours that were seen or skipped, with spaces between."""

department = Table(
    "dg_department",
    system,
    id_column(),
    Column("name", Text, nullable=False),
    Column("parent", Id),
    Column("head", Id),
    sqlite_autoincrement=True,
)
path = Table(
    "dg_department_path",
    system,
    Column("ancestor", Id),
    Column("descendant", Id),
    Column("depth", Integer, nullable=False),
    PrimaryKeyConstraint("ancestor", "descendant"),
    Index("ix_dg_department_path", "descendant"),
)
"""Every department with all that are above it and itself (depth 0): "and below" is one join."""

person_department = Table(
    "dg_person_department",
    system,
    Column("person", Id),
    Column("department", Id),
    PrimaryKeyConstraint("person", "department"),
    Index("ix_dg_person_department", "department", "person"),
)
person_role = Table(
    "dg_person_role",
    system,
    Column("person", Id),
    Column("app", Text),
    Column("role", Text),
    PrimaryKeyConstraint("person", "app", "role"),
    Index("ix_dg_person_role", "app", "role"),
)
"""`app` "" is the workspace: owner, admin, builder, member."""

service = Table(
    "dg_service",
    system,
    Column("app", Text, primary_key=True),
    Column("publisher", Id, nullable=False),
    Column("roles", Text, nullable=False),
)
"""An app's service account: the roles that its publisher held when publishing, as a JSON list."""

link = Table(
    "dg_sign_in_link",
    system,
    Column("hash", Text, primary_key=True),
    Column("person", Id, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
)
"""`purpose`: sign_in (15 minutes) or invite (72 hours)."""

session = Table(
    "dg_session",
    system,
    Column("hash", Text, primary_key=True),
    Column("person", Id, nullable=False),
    Column("acts_as", Id),
    Column("agent", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index("ix_dg_session", "person"),
)
attempt = Table(
    "dg_sign_in_attempt",
    system,
    id_column(),
    Column("key", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_dg_sign_in_attempt", "key", "at"),
    sqlite_autoincrement=True,
)
"""Wrong passwords; `key` is a hash of name and network, so that the table tells nobody's name."""

token = Table(
    "dg_token",
    system,
    id_column(),
    Column("hash", Text, nullable=False, unique=True),
    Column("start", Text, nullable=False),
    Column("person", Id, nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
    Column("revoked", BigInteger),
    Index("ix_dg_token", "person"),
    sqlite_autoincrement=True,
)
"""API tokens; `start` is what people recognise one by, `scopes` a JSON list of [app, form, [actions]]."""

audit = Table(
    "dg_audit",
    system,
    id_column(),
    Column("at", BigInteger, nullable=False),
    Column("actor", Id, nullable=False),
    Column("on_behalf", Id),
    Column("what", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_dg_audit_what", "what"),
    sqlite_autoincrement=True,
)
"""Rows are only ever added; each carries the hash of the one before."""
