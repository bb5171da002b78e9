"""Apps, their forms' record schemas, and definitions."""

from typing import Any

from flask import Response, g

from engines.apps.catalog import open_apps
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Look
from engines.form.schema import record_schema

from ..guard import platform, right
from .base import api, form_of, parameters, send


@api.get("/apps")
@right("signed_in", api=True)
def apps() -> Response:
    """The apps that the caller may open, with the forms that it may see or fill in."""
    parameters()
    found = platform().look(g.actor, open_apps)
    return send({"apps": [_app(app, forms) for app, forms in found]})


def _app(app: Any, forms: list[Any]) -> dict[str, Any]:
    told = [{"id": form.id, "label": form.definition["label"]} for form in forms]
    return {"id": app.id, "version": app.version, "name": app.definition["name"], "forms": told}


@api.get("/apps/<app>/definition")
@right("export_app", api=True)
def definition(app: str) -> Response:
    """The live definition, joined into one object; secrets, people and data are not part of it."""
    parameters()
    found = platform().look(g.actor, lambda look: look.apps.app(app))
    response = send(found.definition)
    response.set_etag(str(found.version))
    return response


@api.get("/apps/<app>/forms/<form>/schema")
@right("app", api=True)
def schema(app: str, form: str) -> Response:
    """The JSON Schema of a record as POST takes it: what the caller may read or fill in."""
    parameters()

    def read(look: Look) -> dict[str, Any]:
        made = form_of(look, app, form)
        if not look.rights.scope(made.source.id).actions:
            raise NotFound
        return record_schema(look, made)

    return send(platform().look(g.actor, read))
