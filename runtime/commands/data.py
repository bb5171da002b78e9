"""`data …`: spreadsheets into a form and out of it."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines.apps.exports import FORMATS, exported
from engines.apps.imports import upload
from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.kernel.errors import NoSuchField
from engines.core.kernel.work import Actor, Look
from engines.core.records import query
from engines.form import asking, words
from engines.form.compile import Form
from engines.form.imports import Mapping

from .base import Call, argument, command

AS = argument("--as", dest="person", default="", help="whose rights count; without it the platform's own")


@command(
    "data import",
    argument("app"),
    argument("form"),
    argument("file", help=".xlsx or .csv; headings are labels in any language, or field ids"),
    argument("--key", default="", help="the field that tells records apart: rows are added or updated by it"),
    argument("--dry-run", action="store_true", help="only say what would happen"),
    AS,
)
def bring(call: Call) -> int:
    """a spreadsheet in: counts, and each refused row with its reason; exit 1 when rows were refused"""
    args, actor = call.args, _actor(call)
    form = _form(call)
    with Path(args.file).open("rb") as content:
        found = upload(call.platform, actor, form, Path(args.file).name, content)
    try:
        if args.key:
            mapping = Mapping(tuple(found.state()["mapping"]["columns"]))
            if args.key not in mapping.columns:
                raise NoSuchField(field=args.key)
            found.choose(replace(mapping, mode="upsert", key=args.key))
        state = found.check()
        state = state if args.dry_run else found.run()
        counts = {name: state[name] for name in ("total", "created", "updated", "failed")}
        call.say({"dry_run": args.dry_run} | counts | {"problems": _problems(form, found.failures())})
    finally:
        found.path.unlink(missing_ok=True)
    return 1 if state["failed"] else 0


@command(
    "data export",
    argument("app"),
    argument("form"),
    argument("--format", default="xlsx", choices=tuple(FORMATS)),
    argument("--filter", default="", help="a formula over field ids"),
    argument("--sort", default="", help="such as -amount,name"),
    argument("--fields", default="", help="field ids joined by commas"),
    argument("--language", default="zh", choices=("zh", "en")),
    argument("--out", default="", help="FORM.FORMAT here without it"),
    AS,
)
def take(call: Call) -> None:
    """records out, as a spreadsheet or JSON"""
    args, actor, form = call.args, _actor(call), _form(call)
    fields = call.platform.look(actor, lambda look: asking.chosen(look, form, args.fields)) if args.fields else None

    def ask(look: Look, of: Form) -> query.Ask:
        return asking.asked(look, of, filter=args.filter, sort=args.sort)

    target = Path(args.out or f"{args.form}.{args.format}")
    made = exported(call.platform, actor, form, ask, format=args.format, fields=fields, language=args.language)
    with made as (path, count):
        shutil.copyfile(path, target)
    call.say({"file": str(target), "records": count})


def _actor(call: Call) -> Actor:
    name = call.args.person
    if not name:
        return SYSTEM
    return Actor(call.platform.look(SYSTEM, lambda look: people.by_name(look.session, name)), name)


def _form(call: Call) -> Form:
    found: Form = call.platform.look(SYSTEM, lambda look: look.apps.form(call.args.app, call.args.form))
    return found


def _problems(form: Form, failures: list[tuple[int, list[Any], dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"row": row, "field": name, "code": problem.code, "detail": words.say(form, name, problem, "en")}
        for row, _, problems in failures
        for name, problem in problems.items()
    ]
