"""`report …`: a report's result as JSON, a file or a picture; and a report over CSV files that nobody installed."""

import csv
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from engines.apps.platform import SYSTEM, Platform, open_platform
from engines.core.access import people
from engines.core.fields.values import parse_one
from engines.core.kernel.errors import BadDefinition
from engines.core.kernel.work import Actor, Look
from engines.report import draw, exports
from engines.report.frame import Frame
from engines.report.model import Report, report_of
from engines.report.pictures import picture
from engines.report.run import Running
from engines.report.templates import Templates

from .base import Call, argument, command

HERE = Path(__file__).parents[1]
FORMATS = ("json", "csv", "xlsx", "png", "svg", "vega")
ADHOC = "adhoc"
BLOCK = 5_000


@command(
    "report run",
    argument("app"),
    argument("report"),
    argument("--params", default="{}", help="values by parameter id, as a JSON object"),
    argument("--as", dest="person", default="", help="whose rights count; without it the platform's own"),
    argument("--format", default="json", choices=FORMATS),
    argument("--language", default="zh", choices=("zh", "en")),
    argument("--out", default="", help="a file instead of standard output"),
)
def run_report(call: Call) -> None:
    """the result frame of a report, as JSON, a spreadsheet or a picture"""
    args = call.args

    def ask(look: Look) -> tuple[Report, Frame]:
        app = look.apps.app(args.app)
        running = Running(look, app, report_of(app, args.report), json.loads(args.params))
        return running.report, running.frame(total=bool(draw.config_of(running.report).get("total")))

    report, frame = call.platform.look(_person(call.platform, args.person), ask)
    _put(_contents(report, frame, args.format, args.language), args.out)


@command("report adhoc", argument("file"), argument("--format", default="json", choices=FORMATS),
         argument("--language", default="en", choices=("zh", "en")), argument("--out", default=""))  # fmt: skip
def adhoc(call: Call) -> None:
    """a report over CSV files named in FILE, in a workspace that is thrown away"""
    args = call.args
    given = json.loads(Path(args.file).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        platform = open_platform(Path(folder), sync="off")
        try:
            report, frame = _answer(platform, given, Path(args.file).parent)
        finally:
            platform.close()
    _put(_contents(report, frame, args.format, args.language), args.out)


def _answer(platform: Platform, given: dict[str, Any], folder: Path) -> tuple[Report, Frame]:
    wanted = json.dumps([given.get("dataset"), given["report"]])
    tables = {name: _used(*_read(source, folder), wanted) for name, source in given["sources"].items()}
    definition = _app(given, {name: columns for name, (columns, _) in tables.items()})
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
    for name, (columns, rows) in tables.items():
        _load(platform, app.form(name).source, columns, rows)

    def ask(look: Look) -> tuple[Report, Frame]:
        running = Running(look, app, report_of(app, given["report"]["id"]), given.get("params", {}))
        return running.report, running.frame(total=bool(draw.config_of(running.report).get("total")))

    return platform.look(SYSTEM, ask)


def _app(given: dict[str, Any], columns: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Sources as forms; `id` and titles may be left out."""
    dataset = {"id": "dataset"} | given.get("dataset", {})
    report = {"id": "report", "title": {"en": "Report"}} | given["report"]
    if given.get("dataset") and "source" not in report:
        report.setdefault("dataset", dataset["id"])
    given["report"] = report
    forms = [_form(name, fields, given["sources"][name]) for name, fields in columns.items()]
    return {
        "id": ADHOC,
        "version": "1.0.0",
        "name": {"en": "Ad hoc"},
        "languages": ["en"],
        "zone": given.get("zone", "UTC"),
        "forms": forms,
        "datasets": [dataset] if given.get("dataset") else [],
        "reports": [report],
    }


def _form(name: str, columns: dict[str, str], source: dict[str, Any]) -> dict[str, Any]:
    """A column's type, or {type, …} with the settings that the field type asks for."""
    fields = []
    for column, kind in columns.items():
        settings = kind if isinstance(kind, dict) else {"type": kind}
        fields.append({"id": column, "label": {"en": source.get("labels", {}).get(column, column)}, **settings})
    return {"id": name, "label": {"en": name}, "fields": fields}


def _read(source: dict[str, Any], folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(field type by column, rows): from `rows` in the definition itself, or from a file."""
    if "rows" in source:
        names = source.get("columns") or list(source["rows"][0])
        rows = [row if isinstance(row, dict) else dict(zip(names, row, strict=True)) for row in source["rows"]]
    else:
        names, rows = _read_file(source, folder / source["file"])
    types = source.get("types", {})
    return {name: types.get(name) or _guess([row.get(name) for row in rows[:1000]]) for name in names}, rows


def _used(columns: dict[str, Any], rows: list[dict[str, Any]], wanted: str) -> tuple[dict[str, Any], Any]:
    """Only the columns that the definitions name: wide files load in a fraction of the time."""
    named = {name: kind for name, kind in columns.items() if re.search(rf"\b{re.escape(name)}\b", wanted)}
    return named or dict(list(columns.items())[:1]), rows


def _read_file(source: dict[str, Any], path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """`sep` is a character, or `whitespace` for columns parted by any number of blanks."""
    sep = source.get("sep", ",")
    with path.open(encoding=source.get("encoding", "utf-8-sig"), newline="") as file:
        lines = (line.split() for line in file) if sep in ("whitespace", "\\s+") else csv.reader(file, delimiter=sep)
        kept = (line for line in lines if line)
        head = next(kept) if source.get("header", True) else []
        names = source.get("columns") or [_id(name) for name in head]
        if not names:
            raise BadDefinition([(f"/sources/{path.name}/columns", _NO_COLUMNS)])
        return list(names), [dict(zip(names, line, strict=False)) for line in kept]


_NO_COLUMNS = {
    "zh": "文件没有表头，写明 columns",
    "en": "the file has no header: name its columns",
}


def _id(head: str) -> str:
    """A field id out of a column's heading."""
    return re.sub(r"[^a-z0-9]+", "_", head.lower()).strip("_")[:23] or "column"


def _guess(values: list[Any]) -> str:
    """Numbers are numbers, ISO days dates, the rest text."""
    filled = [str(value) for value in values if value not in (None, "", "NA")]
    if filled and all(re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?", value) for value in filled):
        return "number"
    return "date" if filled and all(re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in filled) else "text"


def _load(platform: Platform, source: Any, columns: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Parsed by the ordinary field types, put in blocks: nobody needs a history of throw-away records."""
    fields = [source.fields[name] for name in columns]
    names = ["_created_at", "_updated_at", "_version", *columns]
    for start in range(0, len(rows), BLOCK):
        block = []
        for row in rows[start : start + BLOCK]:
            values = [parse_one(field, _raw(row.get(field["id"]), field)) for field in fields]
            block.append((0, 0, 1, *values))
        platform.run(SYSTEM, lambda uow, block=block: uow.session.put(source.table, names, block), bulk=True)  # type: ignore[misc]  # bound at once


def _raw(value: Any, field: dict[str, Any]) -> Any:
    """What statistics files write for nothing is blank; days may come without dashes."""
    if value in ("NA", "", None):
        return None
    if field["type"] == "date" and re.fullmatch(r"\d{8}", str(value)):
        return f"{str(value)[:4]}-{str(value)[4:6]}-{str(value)[6:]}"
    return value


def _person(platform: Platform, name: str) -> Actor:
    if not name:
        return SYSTEM

    def find(look: Look) -> Actor:
        return people.by_id(look.session, people.by_name(look.session, name)) or SYSTEM

    return platform.look(SYSTEM, find)


def _contents(report: Report, frame: Frame, kind: str, language: str) -> bytes:
    title = report.title.get(language) or next(iter(report.title.values()))
    if kind == "json":
        return json.dumps(frame.plain(), ensure_ascii=False).encode() + b"\n"
    if kind == "csv":
        return exports.to_csv(frame, language)
    if kind == "xlsx":
        return exports.to_xlsx(frame, language, title)
    spec = draw.spec(report, frame, language, Templates(HERE / "generated" / "charts"))
    if kind == "vega":
        return json.dumps(spec, ensure_ascii=False).encode() + b"\n"
    return picture(spec, language, kind, title=title)


def _put(content: bytes, out: str) -> None:
    if out:
        Path(out).write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
