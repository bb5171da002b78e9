"""Every request: who is this, where does it come from, and may they? A route that declares no right does not start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from engines.apps.platform import Platform
from engines.core.access import sessions, tokens
from engines.core.database.statements import Session
from engines.core.kernel.errors import AppError, Forbidden, NotFound, Suspended
from engines.core.kernel.work import Actor, Look

RIGHTS = ("public", "signed_in", "admin", "owner", "builder", "publish", "app", "export_app")
COOKIE = "dougong"
Note = Callable[[Session], None]
SAFE = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., Any])


class SignInFirst(AppError):
    code = "sign_in_first"
    words = {"zh": "先登录", "en": "Sign in first"}


class FromElsewhere(AppError):
    code = "from_elsewhere"
    words = {
        "zh": "这个操作不是从本站页面发出的，没有执行；回到本站再做一次",
        "en": "This did not come from our own pages and was not done: go back and do it from here",
    }


@dataclass(frozen=True)
class Right:
    """`public`: anyone; `signed_in`; `admin`, `owner`; `builder`, `publish`, `export_app`: of the route's <app>, or of
    the workspace; `app`: may open the route's <app>, and see or fill its <form> when it has one. `action`: what must
    be allowed on that form. `api`: tokens count, strangers get 401 instead of the door."""

    name: str
    action: str = ""
    api: bool = False


def right(name: str, *, action: str = "", api: bool = False) -> Callable[[View], View]:
    """Declares what a route asks for; it stands under the route's own decorator."""
    if name not in RIGHTS:
        raise ValueError(f"{name!r} is no right: {', '.join(RIGHTS)}")

    def declare(view: View) -> View:
        view.right = Right(name, action, api)  # type: ignore[attr-defined]  # a function takes attributes
        return view

    return declare


def platform() -> Platform:
    found: Platform = current_app.extensions["dougong"]
    return found


def install(app: Flask) -> None:
    """After all blueprints: RuntimeError names every route without a right."""
    app.view_functions["static"].right = Right("public")  # type: ignore[attr-defined]  # Flask's own route
    bare = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "right"))
    if bare:
        raise RuntimeError(f"declare @right(...) on: {', '.join(bare)}")
    app.before_request(_guard)
    app.after_request(_headers)


def _guard() -> Response | None:
    declared: Right | None = getattr(current_app.view_functions.get(request.endpoint or ""), "right", None)
    g.actor, g.signed, g.language = None, None, None
    if request.endpoint == "static":
        return None
    by_token = bool(declared and declared.api and request.authorization and request.authorization.type == "bearer")
    if not by_token:
        _refuse_other_sites()
    shown = request.authorization.token if by_token and request.authorization else request.cookies.get(COOKIE)
    if shown:
        note = platform().db.read(lambda session: _admitted(session, declared, shown, by_token))
        if note:
            platform().db.write(note)
    if declared is None:
        return None if g.actor else to_the_door()
    return _stranger(declared) if g.actor is None and declared.name != "public" else None


def _admitted(session: Session, declared: Right | None, shown: str, by_token: bool) -> Note | None:
    """Who it is and whether they may, in one snapshot; what is worth writing down of the visit, if anything is."""
    note = (_by_token if by_token else _by_session)(session, shown)
    if g.actor and declared and declared.name not in ("public", "signed_in"):
        allow(platform().reader(session, g.actor), declared, request.view_args or {})
    return note


def allow(look: Look, declared: Right, at: dict[str, Any]) -> None:
    """NotFound for what must not be known, Forbidden for what may be seen but not done."""
    app, form = at.get("app", ""), at.get("form", "")
    if app:
        look.apps.app(app)
    if declared.name == "app":
        if not look.rights.may("open", app):
            raise NotFound(app=app)
        if form:
            _allow_form(look, f"{app}__{look.apps.form(app, form).id}", declared.action)
    elif not look.rights.may(declared.name, app):
        raise NotFound(app=app) if app and not look.rights.may("open", app) else Forbidden(action=declared.name)


def _allow_form(look: Look, form: str, action: str) -> None:
    scope = look.rights.scope(form)
    if not scope.may("view") and not scope.may("create"):
        raise NotFound(form=form)
    if action and not scope.may(action):
        raise Forbidden(action=action)


def _by_session(session: Session, shown: str) -> Note | None:
    signed = sessions.find(session, shown)
    if signed is None:
        return None
    g.signed, g.actor, g.language = signed, signed.actor, signed.language
    return (lambda writing: sessions.touch(writing, signed.key)) if signed.stale else None


def _by_token(session: Session, shown: str) -> Note | None:
    found = tokens.find(session, shown)
    if found is None:
        return None
    g.actor, worth_writing = found
    number = g.actor.via.id
    return (lambda writing: tokens.used(writing, number)) if worth_writing else None


def _refuse_other_sites() -> None:
    """Browsers say where a request comes from; who brings a session and says nothing is no browser of ours."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin") or _referred()
    if site is not None:
        allowed = site in ("same-origin", "none")
    elif origin is not None:
        allowed = origin in _own_origins()
    else:
        allowed = COOKIE not in request.cookies
    if not allowed:
        raise FromElsewhere


def _referred() -> str | None:
    """The origin of the page that the request was sent from; None when that is not told."""
    page = urlsplit(request.headers.get("Referer") or "")
    return f"{page.scheme}://{page.netloc}" if page.netloc else None


def _own_origins() -> set[str]:
    public = urlsplit(current_app.config.get("PUBLIC_URL") or "")
    named = f"{public.scheme}://{public.netloc}" if public.netloc else ""
    return {request.host_url.rstrip("/"), named} - {""}


def _stranger(declared: Right) -> Response:
    if declared.api:
        raise SignInFirst
    return to_the_door()


def to_the_door() -> Response:
    return redirect(url_for("login.welcome"))


POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def actor() -> Actor:
    """Who the page is for; the guard has made sure that there is one."""
    if g.actor is None:
        raise Suspended
    found: Actor = g.actor
    return found


__all__ = ["COOKIE", "HEADERS", "FromElsewhere", "SignInFirst", "actor", "allow", "install", "platform", "right"]
