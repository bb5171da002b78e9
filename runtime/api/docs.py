"""The API for people: every address that the reader may call, with its fields, on one page of our own."""

from typing import Any

from flask import Blueprint, g, render_template

from engines.core.kernel.kind import Label
from engines.core.kernel.work import Look

from ..guard import platform, right
from .openapi import document

pages = Blueprint("api_docs", "runtime.api")


@pages.get("/api/docs")
@right("signed_in")
def docs() -> str:
    made, labels = platform().look(g.actor, lambda look: (document(look), labels_of(look)))
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in made["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append({"path": path, "method": method.upper(), **told})
    schemas = made["components"]["schemas"]
    return render_template("api/docs.html", groups=groups, schemas=schemas, labels=labels, kind_of=kind_of)


def labels_of(look: Look) -> dict[str, dict[str, Label]]:
    """What fields are called, by `app/form` and the field's id; in the document itself that is told in one language."""
    forms = {f"{app.id}/{form.id}": form for app in look.apps.all() for form in app.forms.values()}
    return {group: {name: field["label"] for name, field in form.fields.items()} for group, form in forms.items()}


def kind_of(part: dict[str, Any]) -> str:
    """A schema in a few words."""
    seen = next((one for one in part.get("anyOf", ()) if one.get("type") != "null"), part)
    if "enum" in seen:
        return " | ".join(str(one) for one in seen["enum"][:12])
    kind = str(seen.get("type", ""))
    if kind == "array":
        return f"[{kind_of(seen.get('items', {}))}]"
    return f"{kind} ({seen['format']})" if "format" in seen else kind
