"""A backup into an empty workspace, which holds everything back until somebody lets it go."""

import json
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.core.database import portable
from engines.core.database.metadata import system
from engines.core.database.revision import rows_fit
from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.records import rebuild

from . import restored
from .backup import BLOCK, FORMAT, BadBackup, Told, digest, lines, verify
from .catalog import Catalog
from .platform import open_platform

FIRST = ("dg_part", "dg_app", "dg_app_version", "dg_column")
"""What tells which other tables there are."""
FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{64})")
TABLE = re.compile(r"tables/([a-z][a-z0-9_]{0,62})\.jsonl")


class NotEmpty(AppError):
    code = "not_empty"
    words = {
        "zh": "「{place}」里已有工作区；恢复只写进空的文件夹和空的数据库，用 --data 和 --database-url 指到别处",
        "en": "There is a workspace in {place}: restore writes into an empty folder and an empty database only, name "
        "others with --data and --database-url",
    }


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Told]]:
    """The archive and its manifest; BadBackup when it is none, not whole, or of another format."""
    if not path.is_file():
        raise BadBackup(why_zh=f"没有 {path} 这个文件", why_en=f"there is no file {path}")
    try:
        with zipfile.ZipFile(path) as book:
            manifest: Told = json.loads(book.read("manifest.json"))
            if manifest.get("format") != FORMAT or not rows_fit(manifest.get("revision", 0)):
                raise BadBackup(
                    why_zh="另一个版本的程序写的；用那个版本恢复，再升级",
                    why_en="another version of the program wrote it: restore it with that one, then upgrade",
                )
            for name in book.namelist():
                known = name == "manifest.json" or FILE.fullmatch(name)
                if not known and not ((found := TABLE.fullmatch(name)) and found[1] in manifest["tables"]):
                    raise BadBackup(why_zh=f"里面有不认识的 {name[:60]}", why_en=f"{name[:60]} does not belong in it")
            yield book, manifest
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError) as broken:
        raise BadBackup(why_zh="文件不完整或不是备份", why_en="it is no backup, or not whole") from broken


def restore(path: Path, data: Path, *, url: str = "") -> dict[str, Any]:
    """Into a folder and a database that hold nothing; NotEmpty, BadBackup, and then there is no workspace."""
    if (data / "dougong.db").exists() or (data / "files").exists():
        raise NotEmpty(place=str(data))
    verify(path)
    data.mkdir(parents=True, exist_ok=True)
    with opened(path) as (book, manifest):
        _bring_files(book, data)
        platform = open_platform(data, url=url)
        try:
            platform.db.write(lambda session: _fill(session, book, manifest, url), bulk=True)
        except BaseException:
            platform.close()
            _clear(data)
            raise
        platform.close()
        return {"apps": manifest["apps"], "files": manifest["files"], "folder": str(data), "held": True}


def _clear(data: Path) -> None:
    for path in data.glob("dougong.db*"):
        path.unlink()
    shutil.rmtree(data / "files", ignore_errors=True)


def _bring_files(book: zipfile.ZipFile, data: Path) -> None:
    """Names are data: only those that a backup can have are written, and only under their own hash."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as made:
        for name in book.namelist():
            if not (found := FILE.fullmatch(name)):
                continue
            target = Path(made) / found[1] / found[2]
            target.parent.mkdir(exist_ok=True)
            with book.open(name) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, BLOCK)
            if digest(target) != target.name:
                raise BadBackup(why_zh=f"{name} 已损坏", why_en=f"{name} is damaged")
        shutil.copytree(made, data / "files")


def _fill(session: Session, book: zipfile.ZipFile, manifest: Told, url: str) -> None:
    """The platform's own tables first, since they tell which forms there are; then the forms' tables."""
    told = manifest["tables"]
    if any(next(iter(portable.rows(session, name, ["id"])), None) for name in ("dg_person", "dg_app")):
        raise NotEmpty(place=url.rpartition("@")[2] or "database")
    own = [name for name in told if name in system.tables]
    for name in sorted(own, key=lambda one: one not in FIRST):
        portable.put(session, system.tables[name], told[name]["columns"], lines(book, name))
    apps = Catalog().live(session).all()
    made = rebuild.make(session, [form.source for app in apps for form in app.forms.values()])
    for name, table in made.items():
        portable.put(session, table, told[name]["columns"], lines(book, name))
    for name, one in told.items():
        if "key" in one:
            portable.hand_out_after(session, name, one["key"], one["last"])
    restored.hold(session, manifest["at"], clock.wall())
