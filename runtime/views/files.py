"""Files: taken in outside any transaction, given out only through the record that holds them, never run in a page."""

from typing import Any

from flask import Response, g, jsonify, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from engines.core.fields.attachments import check_file
from engines.core.kernel.errors import Invalid, NotFound, Rejected
from engines.core.kernel.work import Look
from engines.core.records import files, query

from .. import render
from ..guard import platform, right
from .base import Place, at, place_of, records

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

LARGEST = 2_100_000_000
"""A request with a file may be this long; the field says how large the file may be."""


def folder() -> files.Folder:
    return files.Folder(platform().data / "files")


@records.post("/files")
@right("signed_in")
def upload() -> AnyResponse | tuple[AnyResponse, int]:
    """`file`, and `spot` (app/form/field) whose limits hold; {id, name, size, media_type}, or what is wrong."""
    request.max_content_length = LARGEST
    given = request.files.get("file")
    if given is None:
        raise NotFound(file="")
    field = _spot(request.form.get("spot", ""))
    most = int(field.get("max_size", 50) * 1_000_000)
    try:
        stored = folder().keep(given.stream, given.filename or "file", most=most)
        check_file(field, name=stored.name, media_type=stored.media_type, size=stored.size)
    except files.TooBig as error:
        return jsonify(message=render.say(error)), 413
    except Rejected as problem:
        return jsonify(message=render.reason(field, problem)), 422
    number = platform().run(g.actor, lambda uow: files.enter(uow, stored))
    return jsonify(id=number, name=stored.name, size=stored.size, media_type=stored.media_type)


@records.get("/files/<int:file>")
@right("signed_in")
def own_file(file: int) -> Response:
    """A file that this person has just uploaded and not yet saved with a record."""
    return _send(platform().look(g.actor, lambda look: files.mine(look, file)))


@records.get("/a/<app>/<form>/<int:record>/files/<field>/<int:file>")
@right("app", action="view")
def file_of(app: str, form: str, record: int, field: str, file: int) -> Response:
    """NotFound unless the reader sees the record and the field, and the record holds the file."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        row = query.one(look, place.form.source, record)
        known = field in place.form.source.links and place.scope.reads(field)
        if not known or file not in (row.get(field) or ()):
            raise NotFound(file=file)
        return files.known(look, [file])[file]

    return _send(at(app, form, find)[1])


def _send(row: dict[str, Any]) -> Response:
    """As an attachment; pictures of four safe kinds may be shown when a page asks."""
    inline = request.args.get("show") == "1" and row["media_type"] in files.INLINE
    path = folder().path(row["sha256"])
    if not path.exists():
        raise NotFound(file=row["id"])
    kind = row["media_type"] if inline else "application/octet-stream"
    response = send_file(path, mimetype=kind, as_attachment=not inline, download_name=row["name"], max_age=3600)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _spot(text: str) -> dict[str, Any]:
    """The field that a file is for; without one, the usual limits."""
    app, form, field = [*text.split("/"), "", "", ""][:3]
    usual = {"id": "file", "type": "file", "label": {"zh": "附件", "en": "File"}}
    if not text:
        return usual

    def find(look: Look) -> dict[str, Any]:
        place = place_of(look, app, form)
        found = place.form.fields.get(field)
        if found is None or found["type"] not in ("file", "image") or not place.writes(field):
            raise Invalid({field: Rejected("unknown_field")})
        return found

    return platform().look(g.actor, find)
