"""Spreadsheets over the API: import with its dry run and reasons, export under a filter."""

import io
from dataclasses import replace
from typing import Any

import orjson
from flask import Response, g, request, send_file
from werkzeug.utils import secure_filename

from engines.apps.exports import FORMATS, exported
from engines.apps.imports import Import, upload
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.form import asking, words
from engines.form.compile import Form
from engines.form.imports import Mapping

from ..guard import platform, right
from .base import api, form_of, parameters, send, switch
from .problems import language
from .refusals import BadParameter, BadRequest

AT = "/apps/<app>/forms/<form>"
LARGEST = 64 << 20
TOLD = 1000
"""How many problems one answer names; the rest is counted."""


@api.post(f"{AT}/import")
@right("app", action="import", api=True)
def bring(app: str, form: str) -> Response:
    """A spreadsheet (xlsx, csv): as the file `file` of a multipart body, or as the body itself.

    `mode` is insert, update or upsert, the last two with `key`, a field; `columns` a JSON object from headings to field
    ids where they differ from labels; `dry_run=1` only says what would happen."""
    args = parameters("mode", "key", "columns", "dry_run", "name")
    dry = switch("dry_run", args.get("dry_run", ""))
    made = platform().look(g.actor, lambda look: form_of(look, app, form))
    name, content = _file(args)
    found = upload(platform(), g.actor, made, name, content)
    try:
        found.choose(_mapping(made, found, args))
        state = found.check()
        state = state if dry else found.run()
        return send(_told(made, found, state, dry))
    finally:
        found.path.unlink(missing_ok=True)


@api.get(f"{AT}/export")
@right("app", action="export", api=True)
def take(app: str, form: str) -> Response:
    """Records as a file: `format` xlsx, csv or json; `filter`, `sort` and `fields` as for the list."""
    args = parameters("format", "filter", "sort", "fields")
    format = args.get("format", "xlsx")
    if format not in FORMATS:
        raise BadParameter(name="format", why_zh=f"可选 {', '.join(FORMATS)}", why_en=f"use {', '.join(FORMATS)}")
    made = platform().look(g.actor, lambda look: form_of(look, app, form))
    names = platform().look(g.actor, lambda look: asking.chosen(look, made, args.get("fields", "")))

    def ask(look: Look, of: Form) -> query.Ask:
        return asking.asked(look, of, filter=args.get("filter", ""), sort=args.get("sort", ""))

    wanted = names if args.get("fields") else None
    with exported(platform(), g.actor, made, ask, format=format, fields=wanted, language=language()) as (path, _):
        content = io.BytesIO(path.read_bytes())
    return send_file(content, mimetype=FORMATS[format], as_attachment=True, download_name=f"{app}-{form}.{format}")


def _file(args: dict[str, str]) -> tuple[str, Any]:
    request.max_content_length = LARGEST
    if request.mimetype == "multipart/form-data":
        given = request.files.get("file")
        if given is None:
            raise BadRequest(why_zh="少了文件 file", why_en="the file `file` is missing")
        return given.filename or "import.xlsx", given.stream
    ending = ".csv" if request.mimetype in ("text/csv", "text/plain") else ".xlsx"
    return secure_filename(args.get("name", "")) or f"import{ending}", io.BytesIO(request.get_data(cache=False))


def _mapping(form: Form, found: Import, args: dict[str, str]) -> Mapping:
    proposed = Mapping(tuple(found.state()["mapping"]["columns"]))
    mode, key = args.get("mode", "upsert" if args.get("key") else "insert"), args.get("key", "")
    if mode not in ("insert", "update", "upsert"):
        raise BadParameter(name="mode", why_zh="写 insert、update 或 upsert", why_en="use insert, update or upsert")
    columns = _columns(form, found, proposed.columns, args.get("columns", ""))
    if mode != "insert" and key not in [name for name in columns if name]:
        raise BadParameter(
            name="key", why_zh="要是文件里有的一个字段", why_en="a field that one of the columns stands for"
        )
    return replace(proposed, columns=columns, mode=mode, key=key)


def _columns(form: Form, found: Import, columns: tuple[str | None, ...], text: str) -> tuple[str | None, ...]:
    """Headings that the caller maps by hand go before those that were recognised."""
    if not text:
        return columns
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise BadParameter(name="columns", why_zh='写成 {"列名": "字段"}', why_en='write {"heading": "field"}')
    header = [str(cell) for cell in next(found.rows(), [])]
    unknown = [str(name) for name in given.values() if name is not None and name not in form.fields]
    unknown += [heading for heading in given if heading not in header]
    if unknown:
        raise BadParameter(name="columns", why_zh=f"没有「{unknown[0]}」", why_en=f"there is no '{unknown[0]}'")
    by_hand = {heading: name for heading, name in given.items() if name}
    return tuple(
        given[heading] if heading in given else (None if name in by_hand.values() else name)
        for heading, name in zip(header, columns, strict=False)
    )


def _told(form: Form, found: Import, state: dict[str, Any], dry: bool) -> dict[str, Any]:
    """Counts, and each problem with its row, column, value and reason."""
    header = [str(cell) for cell in next(found.rows(), [])]
    where = {name: n for n, name in enumerate(state["mapping"]["columns"]) if name}
    told: list[dict[str, Any]] = []
    more = 0
    for row, cells, problems in found.failures():
        for name, problem in problems.items():
            if len(told) == TOLD:
                more += 1
                continue
            column = where.get(name)
            spot = {"row": row, "field": name, "column": header[column] if column is not None else None}
            value = cells[column] if column is not None and column < len(cells) else None
            reason = {"code": problem.code, "detail": words.say(form, name, problem, language())}
            told.append(spot | {"value": None if value is None else str(value)} | reason)
    counts = {name: state[name] for name in ("total", "created", "updated", "failed")}
    return {"import": found.number, "dry_run": dry} | counts | {"problems": told, "problems_left_out": more}


__all__ = ["bring", "take"]
