"""A form of the draft as somebody will get it, on a desk, a tablet or a phone; it reads and writes nothing real."""

from typing import Any

from flask import Response, jsonify, make_response, render_template, request
from markupsafe import Markup

from engines.apps.draft import Draft
from engines.apps.ops import sections_of
from engines.core.access import people
from engines.core.access.scopes import scope_in
from engines.core.fields.values import parse_one, writable
from engines.core.kernel.errors import AppError, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import Look
from engines.form import submit
from engines.form.live import Page as LivePage
from engines.form.read import Known
from runtime import live, posted, render
from runtime.guard import HEADERS, right

from ..base import Page, build, read
from ..drawn import drawn

WIDTHS = (("0", "monitor"), ("768", "tablet"), ("390", "phone"))
FRAMED = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    ),
}
"""Our own pages may hold it."""


@build.get("/<app>/forms/<part>/previewing")
@right("builder")
def previewing(app: str, part: str) -> str:
    """The frame around the preview: how wide, and whose eyes."""

    def find(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "forms", part)
        held = {role["id"]: people.members(look.session, app, role["id"]) for role in page.parts("roles")}
        names = people.names(look.session)
        persons = sorted({one for members in held.values() for one in members}, key=lambda one: str(names.get(one)))
        return {"body": page.body, "roles": page.parts("roles"), "persons": [(one, names.get(one)) for one in persons]}

    return render_template("build/previewing.html", app=app, part=part, widths=WIDTHS, **read(app, find))


@build.get("/<app>/forms/<part>/preview")
@build.post("/<app>/forms/<part>/preview")
@right("builder")
def preview(app: str, part: str) -> Response:
    """The empty form; sent, it says what would be wrong with it, and keeps nothing. `as`: `role:<id>`, `person:<n>`."""

    def find(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "forms", part)
        scope = _scope(look, page, request.args.get("as", ""))
        given = posted.given(page.body["fields"], request.form) if request.method == "POST" else {}
        problems = _problems(page, scope, given) if request.method == "POST" else {}
        standing = _standing(look, page, scope, given)
        return {"page": page, "scope": scope, "given": given, "problems": problems, "standing": standing}

    shown = read(app, find)
    page = shown["page"]
    fields = {f["id"]: f for f in page.body["fields"] if shown["scope"].reads(f["id"])}

    def control(field: Definition) -> Markup:
        return _control(page, field, shown)

    made = render_template("build/preview.html", fields=fields, sections=sections_of(page.body), body=page.body,
                           control=control, sent=request.method == "POST", **shown)  # fmt: skip
    answer = make_response(made)
    answer.headers.update(FRAMED)
    return answer


@build.post("/<app>/forms/<part>/preview/shown")
@right("builder")
def preview_shown(app: str, part: str) -> Response:
    """What the page cannot work out itself, as the form's own page asks it."""

    def find(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "forms", part)
        given = posted.given(page.body["fields"], request.form)
        return live.answered(look, _live(look, page, _scope(look, page, request.args.get("as", ""))), given)

    try:
        return jsonify(read(app, find))
    except (AppError, LookupError):
        return jsonify({})


def _scope(look: Look, page: Page, eyes: str) -> Scope:
    """What a role or a person may see and fill in, by the roles as they are in the draft; everything without one."""
    what, _, name = eyes.partition(":")
    roles = {str(role["id"]) for role in page.parts("roles")}
    if what == "role":
        held = roles & {name}
    elif what == "person":
        number = int(name) if name.isdecimal() else 0
        held = {role for role in roles if number in people.members(look.session, page.app, role)}
    else:
        return Scope()
    if not held:
        raise NotFound(role=name)
    try:
        return scope_in(page.draft.compiled, frozenset(held), page.part, look.actor.id)
    except (AppError, LookupError, StopIteration):
        return Scope.nothing()


def _problems(page: Page, scope: Scope, given: dict[str, Any]) -> dict[str, Rejected]:
    """Why each field would be refused."""
    found: dict[str, Rejected] = {}
    for field in page.body["fields"]:
        if not scope.writes(field["id"]) or not writable(field) or field.get("read_only"):
            continue
        try:
            parse_one({"options": []} | field, given.get(field["id"]))
        except Rejected as problem:
            found[field["id"]] = problem
        except (AppError, LookupError):
            continue
    return found


def _live(look: Look, page: Page, scope: Scope) -> LivePage:
    """The form's page for these eyes, who see of other forms what they see of it: everything or little."""
    form = page.draft.compiled.form(page.part)
    shown = frozenset(name for name in form.fields if scope.reads(name))
    open_ = frozenset(name for name in shown if scope.writes(name) and not submit.closed(form.fields[name]))
    others = Scope() if scope.readable is None else Scope.nothing()
    return LivePage(form, lambda name: scope if name == form.id else others, open_, shown)


def _standing(look: Look, page: Page, scope: Scope, given: dict[str, Any]) -> live.Standing:
    """Nothing answers in a draft that is not right yet."""
    try:
        return live.standing(look, _live(look, page, scope), given)
    except (AppError, LookupError, StopIteration):
        return live.Standing()


def _control(page: Page, field: Definition, shown: dict[str, Any]) -> Markup:
    """As in the form itself; what this reader may not change is locked."""
    name = field["id"]
    standing = shown["standing"]
    how: dict[str, Any] = {"name": name, **live.how(standing, name)}
    if name in standing.worked:
        how["stored"] = standing.worked[name]
    if not shown["scope"].writes(name):
        how["locked"] = True
    try:
        return render.control(
            {"options": []} | field, shown["given"].get(name), shown["problems"].get(name), Known(app=page.app), **how
        )
    except (AppError, KeyError, TypeError, AttributeError):
        return drawn(page, field)
