"""A whole workspace in one file, the same from SQLite and PostgreSQL; and back into an empty one of either kind."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from engines.core.database import portable
from engines.core.database.metadata import system
from engines.core.database.revision import newest
from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import SYSTEM
from engines.core.records import rebuild

from .platform import Platform

FORMAT = 2
BLOCK = 1 << 20
LEFT_OUT = {"dg_meta", "dg_session", "dg_sign_in_link", "dg_sign_in_attempt", "dg_public_link_hit"}
"""What belongs to one running server and not to the workspace: people sign in to a restored copy anew."""
Told = dict[str, Any]


class BadBackup(AppError):
    code = "bad_backup"
    words = {"zh": "这个备份用不了：{why_zh}", "en": "This backup cannot be used: {why_en}"}


def backup(platform: Platform, target: Path) -> dict[str, Any]:
    """Writes the file from one snapshot beside everybody's work, opens it again and says what it holds. Secrets are not
    in it: neither secret.key nor settings.toml."""
    with tempfile.TemporaryDirectory(prefix="dougong-backup-", dir=target.parent) as made:
        part = Path(made) / "backup.zip"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
            tables = platform.db.read(lambda session: _write_tables(session, book))
            files = _write_files(platform.data / "files", book)
            manifest = {"format": FORMAT, "at": clock.wall(), "apps": _apps(platform), "files": files}
            book.writestr("manifest.json", json.dumps(manifest | {"revision": newest(), "tables": tables}))
        verified = verify(part)
        shutil.move(part, target)
    return {"file": str(target), "size": target.stat().st_size} | verified


def verify(path: Path) -> dict[str, Any]:
    """What a backup holds, after every table was read and every file's bytes were compared with its name."""
    from .restore import opened

    with opened(path) as (book, manifest):
        for name, told in manifest["tables"].items():
            if _counted(book, name, told) != (told["rows"], told["sha256"]):
                raise BadBackup(why_zh=f"表 {name} 已损坏", why_en=f"the table {name} is damaged")
        return {"apps": manifest["apps"], "files": manifest["files"], "rows": _rows(manifest), "verified": True}


def _rows(manifest: Told) -> int:
    return sum(told["rows"] for told in manifest["tables"].values())


def _write_tables(session: Session, book: zipfile.ZipFile) -> dict[str, Told]:
    own = {t.name: [str(c.name) for c in t.columns] for t in system.sorted_tables if t.name not in LEFT_OUT}
    made = {name: sorted(columns) for name, columns in rebuild.noted(session).items()}
    return {name: _write_table(session, book, name, names) for name, names in (own | made).items()}


def _write_table(session: Session, book: zipfile.ZipFile, name: str, names: list[str]) -> Told:
    digest, count = hashlib.sha256(), 0
    with book.open(f"tables/{name}.jsonl", "w", force_zip64=True) as out:
        for row in portable.rows(session, name, names):
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            digest.update(line)
            out.write(line)
            count += 1
    told = {"columns": names, "rows": count, "sha256": digest.hexdigest()}
    key = next((one for one in ("id", "_id") if one in names and _numbered(name, one)), None)
    return told | ({"last": portable.handed_out(session, name, key), "key": key} if key else {})


def _numbered(name: str, key: str) -> bool:
    """Whether the database hands this key out."""
    return name not in system.tables or system.tables[name].c[key].identity is not None


def _write_files(folder: Path, book: zipfile.ZipFile) -> int:
    count = 0
    for path in sorted(folder.glob("??/*")):
        if digest(path) != path.name:
            raise BadBackup(why_zh=f"文件 {path.name} 已损坏", why_en=f"the file {path.name} is damaged")
        book.write(path, f"files/{path.parent.name}/{path.name}", zipfile.ZIP_STORED)
        count += 1
    return count


def _counted(book: zipfile.ZipFile, name: str, told: Told) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    with book.open(f"tables/{name}.jsonl") as source:
        for line in source:
            if len(orjson.loads(line)) != len(told["columns"]):
                break
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def digest(path: Path) -> str:
    made = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            made.update(block)
    return made.hexdigest()


def _apps(platform: Platform) -> dict[str, int]:
    return dict(platform.look(SYSTEM, lambda look: look.apps.versions))


def lines(book: zipfile.ZipFile, name: str) -> Iterable[tuple[Any, ...]]:
    """The rows of a table in an open backup."""
    with book.open(f"tables/{name}.jsonl") as source:
        for line in source:
            yield tuple(orjson.loads(line))
