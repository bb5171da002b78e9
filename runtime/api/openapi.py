"""OpenAPI 3.1 of the live apps, as the caller may use them: made from the route table and the forms."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, g
from werkzeug.routing import Rule

from engines.apps.catalog import open_apps
from engines.core.kernel.work import Look
from engines.flow.inbox import WHICH
from engines.form.compile import Form
from engines.form.schema import answer_schema, record_schema

from ..guard import Right, platform, right
from .base import MOST, PAGE, api, parameters, send
from .problems import language

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
PARAMETERS: dict[str, Schema] = {
    "filter": TEXT | {"maxLength": 4000, "description": "A formula over field ids that is true or false."},
    "sort": TEXT | {"description": "Field ids joined by commas; - before one for the largest first."},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    "after": TEXT | {"description": "`after` of the page before."},
    "fields": TEXT | {"description": "Field ids joined by commas."},
    "count": {"enum": ["0", "1"]},
    "field": TEXT,
    "key": TEXT | {"description": "The field that tells records apart."},
    "mode": {"enum": ["insert", "update", "upsert"]},
    "columns": TEXT | {"description": "A JSON object from headings to field ids."},
    "dry_run": {"enum": ["0", "1"]},
    "name": TEXT,
    "format": {"enum": ["xlsx", "csv", "json"]},
    "which": {"enum": list(WHICH)},
    "app": TEXT,
    "form": TEXT,
    "q": TEXT,
    "page": {"type": "integer", "minimum": 0},
    "state": TEXT,
    "before": {"type": "integer", "minimum": 1},
    "params": TEXT | {"description": "Values by parameter id, as a JSON object."},
}
QUERY: dict[str, tuple[str, ...]] = {
    "api.listing": ("filter", "sort", "limit", "after", "fields", "count"),
    "api.one": ("fields",),
    "api.why": ("field",),
    "api.upsert": ("key",),
    "api.bring": ("mode", "key", "columns", "dry_run", "name"),
    "api.take": ("format", "filter", "sort", "fields"),
    "api.inbox_of": ("which", "app", "form", "q", "page", "limit"),
    "api.runs": ("state", "before", "limit"),
    "reports.data": ("params",),
}
NEEDED = {("api.why", "field"), ("api.upsert", "key")}
HEADERS: dict[str, tuple[str, ...]] = {
    "api.act": ("Idempotency-Key",),
    "api.begin": ("Idempotency-Key",),
    "api.create": ("Idempotency-Key",),
    "api.upsert": ("Idempotency-Key",),
    "api.change": ("If-Match",),
    "api.remove": ("If-Match",),
}
SEVERAL = {"api.create", "api.upsert"}
WRITES = SEVERAL | {"api.change"}
BODIES: dict[str, Schema] = {
    "api.act": {
        "type": "object",
        "properties": {
            "comment": TEXT,
            "values": {"type": "object"},
            "rev": {"type": "integer"},
            "to": {"type": "integer"},
        },
    },
    "api.begin": {"type": "object", "required": ["record"], "properties": {"record": NUMBER}},
    "api.stop": {"type": "object", "properties": {"why": TEXT}},
}
FILES = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv")
PROBLEM: Schema = {
    "type": "object",
    "required": ["title", "status", "code", "detail", "errors"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT,
        "detail": TEXT | {"description": "What is wrong and how to mend it, in the caller's language."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {"field": TEXT, "code": TEXT, "detail": TEXT, "record": {"type": "integer"}},
            },
        },
    },
}


@api.get("/openapi.json")
@right("signed_in", api=True)
def openapi() -> Response:
    """This description."""
    parameters()
    return send(platform().look(g.actor, document))


def document(look: Look) -> Schema:
    """Paths with the app and form written out where a route has them, so that each names its own schemas."""
    forms = [(app.id, form) for app, listed in open_apps(look) for form in listed]
    paths: dict[str, Schema] = {}
    for rule in _routes():
        for path, app, form in _written(rule, look, forms):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                if form is None or _allowed(look, rule, form):
                    paths.setdefault(path, {})[method.lower()] = operation(rule, method, app, form)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dougong", "version": "1", "description": _about()},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": PROBLEM} | dict(_schemas(look, forms)),
            "responses": {"Problem": {"description": "A problem", "content": _json("Problem", "problem+json")}},
        },
    }


def operation(rule: Rule, method: str, app: str, form: Form | None) -> Schema:
    """One method of one path."""
    end = rule.endpoint
    said = inspect.getdoc(current_app.view_functions[end]) or end
    made: Schema = {
        "operationId": "_".join(
            part for part in (end.removeprefix("api.").replace(".", "_"), app, form.id if form else "") if part
        ),
        "summary": said.split("\n")[0],
        "description": said,
        "tags": [f"{app}/{form.id}" if form else "workspace"],
        "parameters": [*_path_parameters(rule), *_query(end), *_headers(end)],
        "responses": _responses(end, method, app, form),
    }
    if end in WRITES and form is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": _sent(end, app, form)}}}
    if end in BODIES:
        made["requestBody"] = {"content": {"application/json": {"schema": BODIES[end]}}}
    if end == "api.bring":
        made["requestBody"] = {"required": True, "content": {kind: {"schema": {}} for kind in FILES}}
    return made


def _name(end: str) -> str:
    return end.removeprefix("api.").replace(".", "_")


def _about() -> str:
    zh = "所有数据都在调用者的权限之内；令牌用命令行 token create 发放。"
    en = "Everything within the caller's rights; tokens are made on the command line by token create."
    return zh if language() == "zh" else en


def _routes() -> Iterator[Rule]:
    for rule in current_app.url_map.iter_rules():
        declared: Right | None = getattr(current_app.view_functions[rule.endpoint], "right", None)
        if rule.rule.startswith("/api/v1/") and declared and declared.api and rule.endpoint != "api.stray":
            yield rule


def _written(rule: Rule, look: Look, forms: list[tuple[str, Form]]) -> Iterator[tuple[str, str, Form | None]]:
    """(path, app, form) of a route: one for each form, for each app, or the one there is."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1")
    if "{form}" in path:
        for app, form in forms:
            yield path.replace("{app}", app).replace("{form}", form.id), app, form
    elif "{app}" in path:
        declared = current_app.view_functions[rule.endpoint].right  # type: ignore[attr-defined]  # install() made sure
        for app in dict.fromkeys(app for app, _ in forms):
            if declared.name == "app" or look.rights.may(declared.name, app):
                yield path.replace("{app}", app), app, None
    else:
        yield path, "", None


def _allowed(look: Look, rule: Rule, form: Form) -> bool:
    action = current_app.view_functions[rule.endpoint].right.action  # type: ignore[attr-defined]  # install() made sure
    return not action or look.rights.scope(form.source.id).may(action)


def _path_parameters(rule: Rule) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer"} if name == "record" else TEXT}
        for name in sorted(rule.arguments - {"app", "form"})
    ]


def _query(end: str) -> list[Schema]:
    return [
        {"name": name, "in": "query", "required": (end, name) in NEEDED, "schema": PARAMETERS[name]}
        for name in QUERY.get(end, ())
    ]


def _headers(end: str) -> list[Schema]:
    return [{"name": name, "in": "header", "schema": TEXT} for name in HEADERS.get(end, ())]


def _responses(end: str, method: str, app: str, form: Form | None) -> Schema:
    found: Schema = {"default": {"$ref": "#/components/responses/Problem"}}
    good = {"api.create": "201", "api.begin": "201", "api.remove": "204"}.get(end, "200")
    content = _answer(end, app, form)
    found[good] = {"description": "Done" if method != "GET" else "Found"} | ({"content": content} if content else {})
    if end == "api.upsert":
        found["201"] = found["200"]
    return found


def _answer(end: str, app: str, form: Form | None) -> Schema:
    if end == "api.remove":
        return {}
    if end == "api.take":
        return {kind: {"schema": {}} for kind in (*FILES, "application/json")}
    if form is None or end not in WRITES | {"api.one", "api.listing"}:
        return {"application/json": {"schema": {"type": "object"}}}
    record = _ref(f"{app}.{form.id}.record")
    listed = {"type": "object", "required": ["records"], "properties": {"records": {"type": "array", "items": record}}}
    schema = {"api.listing": listed}.get(end) or ({"anyOf": [record, listed]} if end in SEVERAL else record)
    return {"application/json": {"schema": schema}}


def _sent(end: str, app: str, form: Form) -> Schema:
    one = _ref(f"{app}.{form.id}" + (".change" if end == "api.change" else ".new"))
    if end not in SEVERAL:
        return one
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST}
    return {"anyOf": [one, {"type": "object", "required": ["records"], "properties": {"records": many}}]}


def _schemas(look: Look, forms: list[tuple[str, Form]]) -> Iterator[tuple[str, Schema]]:
    for app, form in forms:
        new = {name: part for name, part in record_schema(look, form).items() if name != "$schema"}
        yield f"{app}.{form.id}.new", new
        yield f"{app}.{form.id}.change", {name: part for name, part in new.items() if name != "required"}
        yield f"{app}.{form.id}.record", answer_schema(look, form)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(name: str, kind: str = "json") -> Schema:
    return {f"application/{kind}": {"schema": _ref(name)}}
