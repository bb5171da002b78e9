"""A whole workspace in one file, checked by opening it; and back into an empty folder."""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engines.core.database.engines import open_database
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import SYSTEM

from .platform import Platform, open_platform

FORMAT = 1
DATABASE = "dougong.db"
BLOCK = 1 << 20


class BadBackup(AppError):
    code = "bad_backup"
    words = {"zh": "这个备份用不了：{why_zh}", "en": "This backup cannot be used: {why_en}"}


class NotEmpty(AppError):
    code = "not_empty"
    words = {
        "zh": "「{folder}」里已有工作区；恢复只写进空的文件夹，用 --data 指到别处",
        "en": "There is a workspace in {folder}: restore writes into an empty folder only, name another with --data",
    }


def backup(platform: Platform, target: Path) -> dict[str, Any]:
    """Writes the file, opens it again and says what it holds. Secrets are not in it: neither secret.key nor
    settings.toml. NoCopy for PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="dougong-backup-", dir=target.parent) as made:
        copy, part = Path(made) / DATABASE, Path(made) / "backup.zip"
        platform.db.copy_to(copy)
        manifest = {"format": FORMAT, "at": clock.wall(), "apps": _apps(platform), "database": digest(copy)}
        files = sorted(path for path in (platform.data / "files").glob("??/*") if path.is_file())
        manifest["files"] = len(files)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
            book.write(copy, DATABASE)
            for path in files:
                book.write(path, f"files/{path.parent.name}/{path.name}", zipfile.ZIP_STORED)
            book.writestr("manifest.json", json.dumps(manifest))
        verified = verify(part)
        shutil.move(part, target)
    return {"file": str(target), "size": target.stat().st_size} | verified


def verify(path: Path) -> dict[str, Any]:
    """What a backup holds, after its database was opened and every file's bytes were compared with its name."""
    with tempfile.TemporaryDirectory(prefix="dougong-verify-") as made:
        manifest = _unpack(path, Path(made))
        db = open_database(f"sqlite:///{Path(made) / DATABASE}")
        try:
            if broken := db.sound():
                raise BadBackup(why_zh=broken[0], why_en=broken[0])
        finally:
            db.close()
    return {"apps": manifest["apps"], "files": manifest["files"], "verified": True}


def restore(path: Path, data: Path) -> dict[str, Any]:
    """Into a folder that holds no workspace; NotEmpty, BadBackup, and then nothing is written."""
    if (data / DATABASE).exists() or (data / "files").exists():
        raise NotEmpty(folder=str(data))
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as made:
        manifest = _unpack(path, Path(made))
        for name in ("files", DATABASE):
            if (Path(made) / name).exists():
                shutil.move(Path(made) / name, data / name)
    platform = open_platform(data)
    try:
        return {"apps": _apps(platform), "files": manifest["files"], "folder": str(data)}
    finally:
        platform.close()


def digest(path: Path) -> str:
    made = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            made.update(block)
    return made.hexdigest()


def _unpack(path: Path, into: Path) -> dict[str, Any]:
    """Names are data: only those that a backup can have are written, and only under their own hash."""
    try:
        with zipfile.ZipFile(path) as book:
            manifest: dict[str, Any] = json.loads(book.read("manifest.json"))
            if manifest.get("format") != FORMAT:
                raise BadBackup(why_zh="它来自更新的版本", why_en="it comes from a newer version")
            for name, target in _parts(book, into):
                with book.open(name) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, BLOCK)
                wanted = manifest["database"] if name == DATABASE else target.name
                if digest(target) != wanted:
                    raise BadBackup(why_zh=f"{name} 已损坏", why_en=f"{name} is damaged")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise BadBackup(why_zh="文件不完整或不是备份", why_en="it is no backup, or not whole") from broken
    if not (into / DATABASE).exists():
        raise BadBackup(why_zh="里面没有数据库", why_en="there is no database in it")
    return manifest


def _parts(book: zipfile.ZipFile, into: Path) -> Iterator[tuple[str, Path]]:
    for name in book.namelist():
        if name == DATABASE:
            yield name, into / DATABASE
        elif found := re.fullmatch(r"files/([0-9a-f]{2})/([0-9a-f]{64})", name):
            folder = into / "files" / found[1]
            folder.mkdir(parents=True, exist_ok=True)
            yield name, folder / found[2]
        elif name != "manifest.json":
            raise BadBackup(why_zh=f"里面有不认识的 {name[:60]}", why_en=f"{name[:60]} does not belong in it")


def _apps(platform: Platform) -> dict[str, int]:
    return dict(platform.look(SYSTEM, lambda look: look.apps.versions))
