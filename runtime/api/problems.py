"""Errors of the API: one table to HTTP, told as RFC 9457 problem JSON in the caller's language."""

import http
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import (
    AppError,
    BadDefinition,
    Invalid,
    NoSuchField,
    NotFound,
    Rejected,
    TooMany,
)
from engines.core.kernel.work import SYSTEM
from engines.form import words
from engines.form.compile import Form
from engines.form.sheets import BadSheet

from .. import errors, render
from ..guard import platform
from .base import api, as_json
from .refusals import BadParameter, BadRecords, BadRequest, KeyReused, Several, Stale

STATUS: dict[type[AppError], int] = {
    Stale: 412,
    BadParameter: 422,
    BadRequest: 400,
    KeyReused: 422,
    Several: 409,
    BadRecords: 422,
    NoSuchField: 422,
    FormulaError: 422,
    BadDefinition: 422,
    BadSheet: 422,
}
SPOKEN = {
    400: {"zh": "这个请求读不懂", "en": "This request cannot be read"},
    404: NotFound.words,
    405: {"zh": "这个地址不支持这种方法", "en": "This address does not take that method"},
    413: {"zh": "送来的内容太大，分几次送", "en": "Too much at once: send it in parts"},
    415: {"zh": "正文要用 application/json", "en": "The body has to be application/json"},
}


def language() -> str:
    """What the request asks for comes first: a script has no cookie."""
    return request.accept_languages.best_match(render.LANGUAGES) or render.language()


@api.errorhandler(AppError)
def told(error: AppError) -> Response:
    headers = {"Retry-After": str(error.details["wait"])} if isinstance(error, TooMany) else {}
    return answer(status_of(error), error.code, error.say(language()), places(error), headers)


@api.errorhandler(HTTPException)
def told_http(error: HTTPException) -> Response:
    status = error.code or 500
    said = SPOKEN.get(status, {}).get(language(), http.HTTPStatus(status).phrase)
    code = http.HTTPStatus(status).name.lower()
    allow = {"Allow": ", ".join(sorted(allowed))} if (allowed := getattr(error, "valid_methods", None)) else {}
    return answer(status, code, said, [], allow)


@api.errorhandler(Exception)
def told_broken(error: Exception) -> Response:
    """Nobody foresaw it: the log has the whole, the caller a number to name it by."""
    number = errors.noted(error)
    said = {
        "zh": f"出错了，什么也没有保存；编号 {number}",
        "en": f"Something broke, nothing was saved; number {number}",
    }
    return answer(500, "broken", said[language()], [])


def answer(
    status: int, code: str, detail: str, errors: list[dict[str, Any]], headers: Mapping[str, str] | None = None
) -> Response:
    """One problem document."""
    body: dict[str, Any] = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status}
    body |= {"code": code, "detail": detail, "errors": errors}
    response = Response(as_json(body), status, mimetype="application/problem+json")
    response.headers.extend(headers or {})
    response.headers["Content-Language"] = language()
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Dougong"'
    return response


def status_of(error: AppError) -> int:
    table = STATUS | errors.STATUS
    return next((status for kind, status in table.items() if isinstance(error, kind)), 400)


def places(error: AppError) -> list[dict[str, Any]]:
    """[{field, code, detail}]: everything that is wrong, each at its place."""
    if isinstance(error, Invalid):
        return _fields(error.problems)
    if isinstance(error, BadRecords):
        return [{"record": n} | one for n, problems in error.problems.items() for one in _fields(problems)]
    if isinstance(error, FormulaError):
        names = {"field": "filter"}
        found = [(p, {"start": p.start, "end": p.end}) for p in error.problems]
        return [names | {"code": p.code, "detail": p.words[language()]} | spot for p, spot in found]
    if isinstance(error, BadDefinition):
        return [{"field": path, "code": error.code, "detail": told[language()]} for path, told in error.problems]
    if isinstance(error, NoSuchField):
        return [{"field": error.details.get("field", ""), "code": error.code, "detail": error.say(language())}]
    if isinstance(error, BadParameter):
        return [{"field": error.details["name"], "code": error.code, "detail": error.say(language())}]
    return []


def _fields(problems: dict[str, Rejected]) -> list[dict[str, Any]]:
    form = _form()
    said = ((name, problem, words.say(form, name, problem, language())) for name, problem in problems.items())
    return [{"field": name, "code": problem.code, "detail": text} for name, problem, text in said]


def _form() -> Form:
    """The form that the request is about; its words are only told for fields that the caller named or may fill in."""
    at = request.view_args or {}
    app, form = g.get("about") or (at["app"], at["form"])
    return platform().look(g.actor or SYSTEM, lambda look: look.apps.form(app, form))
