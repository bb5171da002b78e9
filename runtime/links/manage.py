"""The links of a form: make one, show it as a QR code, copy it, close it."""

import csv
import io
from typing import Any

import segno
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engines.apps import links as store
from engines.core.access import people
from engines.core.access.passwords import WeakPassword
from engines.core.kernel.errors import AppError, Invalid, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.form import links as entries
from engines.form import submit, words

from .. import render
from ..guard import platform, right
from ..views.base import Place, place_of
from .base import base, links

ALL = "/a/<app>/<form>/links"
ONE = f"{ALL}/<link>"
DAYS = (7, 30, 90, 365)
Page = str | AnyResponse | tuple[str, int]


@links.get(ALL)
@right("app", action="share")
def manage(app: str, form: str) -> Page:
    return _page(_place(app, form), {})


@links.post(ALL)
@right("app", action="share")
def make(app: str, form: str) -> Page:
    """A new link, or one of the app's own opened with `part`."""
    place, sent = _place(app, form), request.form
    if part := sent.get("part"):
        platform().run(g.actor, lambda uow: store.open_part(uow, place.form, part))
        return redirect(url_for(".manage", app=app, form=form))
    definition = _definition(place)
    try:
        password = store.hashed(sent.get("password", ""))
        days, most = sent.get("days", type=int), sent.get("most", type=int)
        platform().run(
            g.actor,
            lambda uow: store.make(uow, place.form, definition, days=days, password=password, most=most or None),
        )
    except (Invalid, WeakPassword) as error:
        return _page(place, definition, _told(place, error)), 422
    flash({"text": gettext("The link is open"), "tone": "ok"})
    return redirect(url_for(".manage", app=app, form=form))


@links.post(f"{ONE}/close")
@right("app", action="share")
def close(app: str, form: str, link: str) -> Page:
    place = _place(app, form)
    platform().run(g.actor, lambda uow: store.close(uow, place.form, link))
    flash({"text": gettext("The link is closed"), "tone": "grey"})
    return redirect(url_for(".manage", app=app, form=form))


@links.get(f"{ONE}/qr.<kind>")
@right("app", action="share")
def picture(app: str, form: str, link: str, kind: str) -> Response:
    """The QR code of the link or of one channel (`c`), as svg or png."""
    row = _row(app, form, link)
    code = segno.make(base().of(link, _channel(row)), error="m")
    made = io.BytesIO()
    if kind not in ("svg", "png"):
        raise NotFound(kind=kind)
    code.save(made, kind=kind, scale=12 if kind == "png" else 8, border=4)
    name = "-".join(part for part in ("qr", form, _channel(row)) if part)
    media = "image/png" if kind == "png" else "image/svg+xml"
    return Response(
        made.getvalue(), mimetype=media, headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    )


@links.get(f"{ONE}/channels.csv")
@right("app", action="share")
def channels(app: str, form: str, link: str) -> Response:
    """A line for each channel: its id, its name, its address."""
    row, made = _row(app, form, link), io.StringIO()
    made.write("\ufeff")
    lines = csv.writer(made, quoting=csv.QUOTE_ALL)
    lines.writerow([gettext("Channel"), gettext("Name"), gettext("Address")])
    for one in row["channels"]:
        lines.writerow([one["id"], render.label(one["label"]), base().of(link, one["id"])])
    headers = {"Content-Disposition": f'attachment; filename="channels-{form}.csv"'}
    return Response(made.getvalue(), mimetype="text/csv", headers=headers)


@links.app_template_global()
def qr(address: str) -> str:
    """A picture of an address, to stand in a page."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))


def _place(app: str, form: str) -> Place:
    return platform().look(g.actor, lambda look: place_of(look, app, form, "share"))


def _page(place: Place, given: Definition, problems: dict[str, str] | None = None) -> str:
    def find(look: Look) -> dict[str, Any]:
        can = set(submit.writable(look, place.form))
        names = [name for name in entries.fillable(place.form) if name in can]
        return {
            "listed": store.listed(look, place.form),
            "fields": [place.form.fields[name] for name in names],
            "channel_fields": [place.form.fields[name] for name in entries.channel_fields(place.form) if name in can],
            "named": people.names(look.session),
        }

    found = platform().look(g.actor, find)
    chosen = given.get("fields") or [f["id"] for f in found["fields"]][:8]
    return render_template(
        "links/manage.html", place=place, base=base(), given=given, chosen=chosen, problems=problems or {},
        days=DAYS, **found,
    )  # fmt: skip


def _definition(place: Place) -> Definition:
    """What was typed, as the definition of a link."""
    sent, language = request.form, render.language()
    order = {name: n for n, name in enumerate(place.form.fields)}
    fields = sorted((n for n in sent.getlist("field") if n in order), key=order.__getitem__)
    title = sent.get("label", "").strip()[:80] or render.label(place.form.definition["label"])
    made: Definition = {"label": {language: title}, "fields": fields}
    for name in ("about", "thanks"):
        if text := sent.get(name, "").strip()[:1000]:
            made[name] = {language: text}
    if sent.get("channel_field") in entries.channel_fields(place.form):
        made["channel_field"] = sent["channel_field"]
    if known := _channels(sent.get("channels", ""), language):
        made["channels"] = known
    return made


def _channels(text: str, language: str) -> list[Definition]:
    """A line each: `id name`, or a name alone, which then is its own id as far as an address can carry it."""
    found: dict[str, Definition] = {}
    for line in text.splitlines()[:200]:
        head, _, rest = line.strip().partition(" ")
        if head:
            name = "".join(c for c in head if c.isascii() and (c.isalnum() or c in "-_"))[:40] or f"c{len(found) + 1}"
            found.setdefault(name, {"id": name, "label": {language: (rest.strip() or head)[:80]}})
    return list(found.values())


def _row(app: str, form: str, link: str) -> dict[str, Any]:
    """An open link of this form; NotFound for any other."""
    place = _place(app, form)
    rows = platform().look(g.actor, lambda look: store.listed(look, place.form))
    for row in rows:
        if row["id"] == link and row["state"] == "open":
            return row
    raise NotFound(link=link)


def _channel(row: dict[str, Any]) -> str:
    wanted = request.args.get("c", "")
    if wanted and not entries.channel_of(row, wanted):
        raise NotFound(channel=wanted)
    return wanted


def _told(place: Place, error: AppError) -> dict[str, str]:
    if not isinstance(error, Invalid):
        return {"password": render.say(error)}
    told = {}
    for name, problem in error.problems.items():
        if name in place.form.fields and problem.code == "required":
            label = words.label(place.form, name, render.language())
            told[name] = gettext("%(field)s is needed in every record: ask for it", field=label)
        else:
            told[name] = gettext("Choose at least one field to ask")
    return told
