"""Uploaded files: bytes under their hash in the data folder, a row each in the database, swept when not held."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import puremagic
from sqlalchemy import BigInteger, Column, Index, Select, Table, Text, column, delete, insert, select
from sqlalchemy import table as plain

from engines.core.database.metadata import Id, id_column, system
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.work import Look, UnitOfWork

from .migrate import number_links
from .source import Source

MOST = 50_000_000
BLOCK = 1 << 16
BATCH = 500
HOLD = ("file", "image")
INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
"""Shown in a page; everything else is only ever downloaded."""

file_table = Table(
    "dg_file",
    system,
    id_column(),
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Id, nullable=False),
    Index("ix_dg_file", "sha256"),
    sqlite_autoincrement=True,
)
NAMES = ("id", "sha256", "name", "media_type", "size", "at", "by")


class TooBig(AppError):
    code = "too_big"
    words = {"zh": "文件超过 {most} MB，压缩后再传", "en": "The file has more than {most} MB: make it smaller"}


@dataclass(frozen=True)
class Stored:
    """Bytes that lie in the folder; nothing in the database knows them yet."""

    sha256: str
    name: str
    media_type: str
    size: int


class Folder:
    """`<aa>/<sha256>` below one folder; the same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def keep(self, stream: IO[bytes], name: str, *, most: int = MOST) -> Stored:
        """Written outside any transaction, block by block; TooBig as soon as there are more than `most` bytes."""
        self.root.mkdir(parents=True, exist_ok=True)
        part = self.root / f".part-{secrets.token_hex(8)}"
        try:
            sha256, size, head = _pour(stream, part, most)
            target = self.path(sha256)
            target.parent.mkdir(exist_ok=True)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        return Stored(sha256, _clean(name), sniff(head, name), size)

    def drop(self, sha256: str, *, before: int) -> None:
        """Unless the same bytes were uploaded again since the instant `before`."""
        path = self.path(sha256)
        if path.exists() and path.stat().st_mtime * 1_000_000 < before:
            path.unlink(missing_ok=True)


def sniff(head: bytes, name: str) -> str:
    """The media type that the first bytes tell; what they do not tell is plain data."""
    try:
        return str(puremagic.from_string(head, mime=True, filename=name)) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "text/plain" if _is_text(head) else "application/octet-stream"


def enter(uow: UnitOfWork, stored: Stored) -> int:
    """The file's id; until a record holds it, only its uploader may see it."""
    row = insert(file_table).values(**stored.__dict__, at=uow.now, by=uow.actor.id)
    return int(uow.session.run(row.returning(file_table.c.id)).fetchone()[0])


def known(look: Look, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Rows by id, whoever may see them: the caller has checked the record that holds them."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    statement = select(*(file_table.c[name] for name in NAMES)).where(file_table.c.id.in_(wanted))
    rows = look.session.run(statement).fetchall()
    return {row[0]: dict(zip(NAMES, row, strict=True)) for row in rows}


def mine(look: Look, file: int) -> dict[str, Any]:
    """A file that the reader uploaded; NotFound for everybody else's."""
    row = known(look, [file]).get(file)
    if row is None or row["by"] != look.actor.id:
        raise NotFound(file=file)
    return row


def sweep(uow: UnitOfWork, sources: Sequence[Source], folder: Folder, *, before: int, after: int = 0) -> int | None:
    """Takes a batch away of what was uploaded before an instant and no record holds, from the id `after` on; where to
    go on. What a field holds that was taken out of its form stays: a form may be rolled back. Bytes go after the
    commit."""
    c = file_table.c
    free = [c.id.not_in(one) for one in _holders(uow, sources)]
    old = select(c.id, c.sha256).where(c.at < before, c.id > after, *free).order_by(c.id).limit(BATCH)
    rows = uow.session.run(old).fetchall()
    for file, _sha in rows:
        uow.session.run(delete(file_table).where(c.id == file))
    left = sorted({sha for _id, sha in rows})
    still = {one[0] for one in uow.session.run(select(c.sha256).where(c.sha256.in_(left))).fetchall()} if left else ()
    uow.after += [partial(folder.drop, sha, before=before) for sha in left if sha not in still]
    return rows[-1][0] if len(rows) == BATCH else None


def _holders(look: Look, sources: Sequence[Source]) -> list[Select[Any]]:
    """The ids that files may be held by: link tables of file fields, and any of numbers whose field is gone."""
    held = [
        select(s.links[n].c.value) for s in sources for n, f in s.fields.items() if f["type"] in HOLD and n in s.links
    ]
    live = {link.name for s in sources for link in s.links.values()}
    gone = [name for name in number_links(look.session) if name not in live]
    return held + [select(column("value")).select_from(plain(name)) for name in gone]


def _pour(stream: IO[bytes], part: Path, most: int) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    with part.open("wb") as out:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > most:
                raise TooBig(most=most // 1_000_000)
            head = head or block
            digest.update(block)
            out.write(block)
    return digest.hexdigest(), size, head


def _clean(name: str) -> str:
    """A file name without its folders or control characters, at most 200 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in base if c.isprintable())[-200:] or "file"


def _is_text(head: bytes) -> bool:
    try:
        head[: BLOCK - 4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head
