"""An export as a file: what one reader may take out, written block by block, on record in the audit."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from engines.core.access import audit, people
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import Actor, Look
from engines.core.records import query
from engines.form import exports, submit
from engines.form.compile import Form

from .platform import Platform

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
Made = Callable[[Look, Form], query.Ask]


class BadFormat(AppError):
    code = "bad_format"
    words = {"zh": "没有「{format}」这种格式，可选 {known}", "en": "There is no format '{format}': use {known}"}


@contextmanager
def exported(
    platform: Platform,
    actor: Actor,
    form: Form,
    ask: Made,
    *,
    format: str = "xlsx",
    fields: list[str] | None = None,
    language: str = "zh",
) -> Iterator[tuple[Path, int]]:
    """(file, records) of what the actor may export; the file is gone afterwards. Forbidden, BadFormat."""
    if format not in FORMATS:
        raise BadFormat(format=format, known=", ".join(FORMATS))
    platform.look(actor, lambda look: submit.require(look, form, "export"))
    with tempfile.TemporaryDirectory(prefix="dougong-export-") as folder:
        path = Path(folder) / f"export.{format}"
        count = platform.look(
            actor, lambda look: _write(look, form, ask(look, form), path, fields=fields, language=language)
        )
        told = {"format": format, "records": count, "fields": fields or "all"}
        platform.run(actor, lambda uow: audit.record(uow, "exported", f"form:{form.source.id}", told))
        yield path, count


def _write(look: Look, form: Form, ask: query.Ask, path: Path, *, fields: list[str] | None, language: str) -> int:
    if path.suffix == ".json":
        return _json(look, form, ask, path, fields)
    lines = exports.lines(look, form, ask, language=language, people=_names, fields=fields)
    if path.suffix == ".xlsx":
        return exports.write_xlsx(path, lines, zone=form.source.zone) - 1
    with path.open("w", encoding="utf-8", newline="") as target:
        return exports.write_csv(target, lines) - 1


def _names(look: Look, ids: list[int]) -> dict[int, str]:
    return people.names(look.session)


def _json(look: Look, form: Form, ask: query.Ask, path: Path, fields: list[str] | None) -> int:
    """Records as the API gives them, one a line inside an array."""
    count = 0
    with path.open("wb") as target:
        target.write(b"[")
        for row in exports.rows(look, form, ask):
            plain: dict[str, Any] = {"_id": row["_id"]} | form.plain(row)
            kept = plain if fields is None else {name: plain[name] for name in ("_id", *fields) if name in plain}
            target.write((b",\n" if count else b"\n") + orjson.dumps(kept))
            count += 1
        target.write(b"\n]\n")
    return count
