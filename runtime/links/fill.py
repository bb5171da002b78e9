"""A public form as a visitor sees it: fill in, send once, thank you. No session, no account, nothing else to see."""

import secrets
from typing import Any

from flask import current_app, make_response, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from engines.apps import links as store
from engines.core.access import passwords
from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import SYSTEM, Look
from engines.form import visible
from engines.form.live import Page as LivePage

from .. import live, posted
from ..guard import platform, right
from .base import links

HONEY = "website"
"""A field that nobody sees: what fills it in is no person."""
KEEPS = 12 * 3600
FEW = 5
Page = str | Response | tuple[str, int]


@links.get("/f/<link>")
@right("public")
def form(link: str) -> Page:
    found = _open(link)
    if not _let_in(found):
        return _asked_password(found)
    return _page(found, _start(found), {})


@links.post("/f/<link>")
@right("public")
def send(link: str) -> Page:
    found = _open(link)
    if not _let_in(found):
        return _asked_password(found)
    if request.form.get(HONEY):
        return _thanks(found)
    platform().db.write(lambda session: store.admit(session, found.id, request.remote_addr or ""))
    given = posted.given(_fields(found), request.form)
    key = request.form.get("_key") or secrets.token_urlsafe(12)
    try:
        store.enter(platform(), found, given, channel=_channel(), key=key)
    except Invalid as error:
        return _page(found, given, error.problems), 422
    return _thanks(found)


@links.post("/f/<link>/password")
@right("public")
def password(link: str) -> Page:
    """The right password opens the form for half a day on this device."""
    found = _open(link)
    platform().db.write(lambda session: store.admit(session, f"{found.id}:password", request.remote_addr or ""))
    made = found.row["password"]
    if made and not passwords.matches(made, request.form.get("password", "")):
        page, _ = _asked_password(found, wrong=True)
        return page, 403
    response = make_response("", 302, {"Location": url_for(".form", link=link, c=_channel() or None)})
    response.set_cookie(
        f"f_{found.id}", _signer(found).dumps(1), max_age=KEEPS, path=f"/f/{found.id}", httponly=True,
        samesite="Lax", secure=request.is_secure,
    )  # fmt: skip
    return response


def _open(link: str) -> store.Open:
    return platform().look(SYSTEM, lambda look: store.found(look, link))


def _fields(found: store.Open) -> list[Definition]:
    """A few options stand side by side, as a thumb likes them."""
    asked = [found.form.fields[name] for name in found.fields]
    return [f | {"style": "radio"} if f["type"] == "select" and len(f["options"]) <= FEW else f for f in asked]


def _start(found: store.Open) -> dict[str, Any]:
    """Defaults of the form, then what the link brings along for the fields it asks."""

    def read(look: Look) -> dict[str, Any]:
        return visible.defaults(look, found.form)

    given = platform().look(SYSTEM, read) | found.definition.get("prefill", {})
    return {name: value for name, value in given.items() if name in found.fields}


def _page(found: store.Open, values: dict[str, Any], problems: dict[str, Rejected]) -> str:
    key = request.form.get("_key") or secrets.token_urlsafe(12)
    standing = platform().look(SYSTEM, lambda look: live.standing(look, _live(found), values))
    needed = {f["id"] for f in _fields(found) if f.get("required")}
    return render_template("links/form.html", link=found, fields=_fields(found), values=values, problems=problems,
                           key=key, channel=_channel(), needed=needed, honey=HONEY, standing=standing)  # fmt: skip


def _live(found: store.Open) -> LivePage:
    """A visitor sees the fields that are asked and nothing else; there is nobody to ask about the rest."""
    asked = frozenset(found.fields)
    own, others = Scope(readable=asked, reason="a public form"), Scope.nothing()
    return LivePage(found.form, lambda form: own if form == found.form.id else others, asked, asked, asks=False)


def _thanks(found: store.Open) -> str:
    return render_template("links/thanks.html", link=found, channel=_channel())


def _channel() -> str:
    return request.args.get("c", "")[:40]


def _let_in(found: store.Open) -> bool:
    if not found.row["password"]:
        return True
    try:
        return bool(_signer(found).loads(request.cookies.get(f"f_{found.id}", ""), max_age=KEEPS))
    except BadData:
        return False


def _asked_password(found: store.Open, *, wrong: bool = False) -> tuple[str, int]:
    return render_template("links/password.html", link=found, channel=_channel(), wrong=wrong), 200


def _signer(found: store.Open) -> URLSafeTimedSerializer:
    """A new password shuts who came in by the old one out."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"link {found.id} {found.row['password']}")
