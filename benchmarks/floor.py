"""The floor: the same form written by hand with Flask, Jinja and SQLAlchemy, prebuilt statements, the same database.

`python -m benchmarks.floor FOLDER PORT [POSTGRESQL URL]` serves it."""

import sys
import time
from pathlib import Path
from typing import Any

from flask import Flask, redirect, render_template_string, request, session
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine

from engines.core.database.engines import sqlite_module

meta = MetaData()
number = BigInteger().with_variant(Integer, "sqlite")
NAMES = ("name", "phone", "email", "source", "city", "spend", "visits", "seen", "note", "score")
buyers = Table(
    "buyers",
    meta,
    Column("id", number, Identity(), primary_key=True),
    Column("at", BigInteger),
    Column("by", number),
    Column("name", Text, nullable=False),
    Column("phone", Text),
    Column("email", Text),
    Column("source", Text),
    Column("city", Text),
    Column("spend", BigInteger),
    Column("visits", Double),
    Column("seen", Text),
    Column("note", Text),
    Column("score", Double),
    Index("ix_buyers_spend", "spend", "id"),
)
history = Table(
    "history",
    meta,
    Column("id", number, Identity(), primary_key=True),
    Column("record", number, index=True),
    Column("at", BigInteger),
    Column("by", number),
    Column("what", Text),
)
users = Table("users", meta, Column("id", number, Identity(), primary_key=True), Column("name", Text))

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Buyers</title></head><body>
<nav><a href="/">Home</a><a href="/buyers">Buyers</a></nav><h1>Buyers <span>{{ count }}</span></h1>
<p>{{ user }}</p>
<table><thead><tr>{% for name in names %}<th>{{ name|capitalize }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr><td><input type="checkbox" name="ids" value="{{ row.id }}"></td>
<td><a href="/buyers/{{ row.id }}"><b>{{ row.name }}</b></a></td><td>{{ row.phone or '–' }}</td>
<td>{{ row.email or '–' }}</td><td><span class="chip">{{ row.source or '–' }}</span></td>
<td><span class="chip">{{ row.city or '–' }}</span></td><td>¥{{ '{:,.2f}'.format(row.spend / 100) }}</td>
<td>{{ '{:,.0f}'.format(row.visits) }}</td><td>{{ row.seen }}</td><td>{{ row.note or '–' }}</td>
<td>{{ '{:,.1f}'.format(row.score) }}</td></tr>{% endfor %}</tbody></table>
<footer>{{ count }} records, {{ '{:,.2f}'.format(total / 100) }} spent</footer></body></html>"""

new_row = insert(buyers).values({n: bindparam(n) for n in ("at", "by", *NAMES)}).returning(buyers.c.id)
new_event = insert(history).values(record=bindparam("r"), at=bindparam("t"), by=bindparam("u"), what="create").inline()
newest = select(buyers).order_by(buyers.c.spend.desc(), buyers.c.id.desc()).limit(50)
counted = select(func.count(), func.sum(buyers.c.spend)).select_from(buyers)
who = select(users.c.name).where(users.c.id == bindparam("u"))


def connect(folder: Path, url: str) -> Engine:
    """SQLite as the platform has it (WAL, FULL, BEGIN IMMEDIATE), or PostgreSQL."""
    if url:
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_size=10)
    engine = create_engine(f"sqlite:///{folder / 'floor.db'}", module=sqlite_module(), pool_size=10)
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _pragmas(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=5000", "cache_size=-16000"):
        raw.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def create_app(engine: Engine) -> Flask:
    app = Flask(__name__)
    app.secret_key = b"floor"
    writing = engine.execution_options(writes=True) if engine.dialect.name == "sqlite" else engine

    @app.get("/in")
    def come_in() -> str:
        session["user"] = 1
        return "in"

    @app.post("/buyers")
    def create() -> Any:
        sent = request.form
        name = sent["name"].strip()
        if not name or len(name) > 80:
            return "name", 422
        row: dict[str, Any] = {n: sent.get(n) or None for n in NAMES} | {"name": name, "by": session["user"]}
        row |= {
            "spend": round(float(sent["spend"]) * 100),
            "visits": float(sent["visits"]),
            "score": float(sent["score"]),
        }
        now = time.time_ns() // 1000
        with writing.begin() as connection:
            connection.execute(who, {"u": session["user"]}).one()
            number_ = connection.execute(new_row, row | {"at": now}).scalar_one()
            connection.execute(new_event, {"r": number_, "t": now, "u": session["user"]})
        return redirect(f"/buyers/{number_}")

    @app.get("/buyers")
    def listing() -> str:
        with engine.begin() as connection:
            user = connection.execute(who, {"u": session["user"]}).scalar_one()
            rows = connection.execute(newest).all()
            count, total = connection.execute(counted).one()
        return render_template_string(PAGE, names=("", *NAMES), rows=rows, count=count, total=total, user=user)

    return app


def main(folder: str, port: str, url: str = "") -> None:
    from waitress import serve

    engine = connect(Path(folder), url)
    with engine.execution_options(writes=True).begin() as connection:
        meta.create_all(connection)
        if connection.execute(select(func.count()).select_from(users)).scalar_one() == 0:
            connection.execute(insert(users).values(name="owner"))
    print("ready", flush=True)
    serve(create_app(engine), host="127.0.0.1", port=int(port), threads=8)


if __name__ == "__main__":
    main(*sys.argv[1:])
