"""What every route of the API stands on: the blueprint, its form, its parameters, its body."""

import re
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import UnsupportedMediaType

from engines.core.kernel.work import Look
from engines.core.records import query
from engines.form.compile import Form

from .refusals import BadParameter, BadRequest

api = Blueprint("api", "runtime.api", url_prefix="/api/v1")
PAGE, MOST = 50, 1000
LARGEST = 16 << 20
"""A body of records may be this long."""


@api.after_request
def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization, Accept-Language, Cookie"
    return response


def form_of(look: Look, app: str, form: str) -> Form:
    """The form of the address; the guard has made sure that the caller may know of it."""
    return look.apps.form(app, form)  # type: ignore[no-any-return]  # the kernel does not know forms


def as_json(found: Any) -> bytes:
    return orjson.dumps(found, option=orjson.OPT_NON_STR_KEYS)


def send(body: Any, status: int = 200, **headers: str) -> Response:
    response = Response(as_json(body), status, mimetype="application/json")
    response.headers.extend({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def parameters(*known: str) -> dict[str, str]:
    """The query string; a parameter that nobody reads is refused, so that a slip of the pen does not pass unseen."""
    for name in request.args:
        if name not in known:
            list_ = ", ".join(known) or "–"
            raise BadParameter(name=name, why_zh=f"这里只有：{list_}", why_en=f"there is: {list_}")
    return dict(request.args.items())


def whole(name: str, text: str, most: int) -> int:
    """A number from 1 to `most`."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise BadParameter(name=name, why_zh=f"要是 1 到 {most} 的整数", why_en=f"a whole number from 1 to {most}")
    return int(text)


def switch(name: str, text: str) -> bool:
    if text not in ("", "0", "1", "true", "false"):
        raise BadParameter(name=name, why_zh="写 1 或 0", why_en="write 1 or 0")
    return text in ("1", "true")


def body() -> Any:
    """The JSON body; BadRequest names what is wrong with it."""
    request.max_content_length = LARGEST
    if request.mimetype not in ("", "application/json"):
        raise UnsupportedMediaType
    try:
        return orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError as wrong:
        zh = f"正文不是 JSON，第 {wrong.lineno} 行第 {wrong.colno} 个字符"
        raise BadRequest(why_zh=zh, why_en=f"the body is no JSON, line {wrong.lineno} column {wrong.colno}") from wrong


def an_object(given: Any) -> dict[str, Any]:
    """A record as it was sent."""
    if not isinstance(given, dict):
        raise BadRequest(why_zh="一条记录要是 {字段: 值}", why_en="a record is an object {field: value}")
    return given


def cursor(form: Form, ask: query.Ask, key: tuple[Any, ...] | None) -> str | None:
    """Where the next page starts; signed, so that only what we gave out comes back."""
    return _signer(form, ask).dumps(list(key)) if key else None  # type: ignore[return-value]  # text, as no bytes go in


def start(form: Form, ask: query.Ask, text: str) -> tuple[Any, ...] | None:
    """The other way round; BadParameter for a cursor of another list."""
    if not text:
        return None
    try:
        return tuple(_signer(form, ask).loads(text))
    except BadData as wrong:
        zh, en = "用上一页给的 after，排序不变", "use the `after` of the page before, with the same sort"
        raise BadParameter(name="after", why_zh=zh, why_en=en) from wrong


def _signer(form: Form, ask: query.Ask) -> URLSafeSerializer:
    order = ",".join(f"{name}:{down}" for name, down in ask.keys)
    return URLSafeSerializer(str(current_app.secret_key), salt=f"after {form.source.id} {order}")
