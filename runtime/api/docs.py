"""The API for people: every address that the reader may call, with its fields, on one page of our own."""

from typing import Any

from flask import Blueprint, g, render_template

from ..guard import platform, right
from .openapi import document

pages = Blueprint("api_docs", "runtime.api")


@pages.get("/api/docs")
@right("signed_in")
def docs() -> str:
    made = platform().look(g.actor, document)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in made["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append({"path": path, "method": method.upper(), **told})
    schemas = made["components"]["schemas"]
    return render_template("api/docs.html", groups=groups, schemas=schemas, kind_of=kind_of)


def kind_of(part: dict[str, Any]) -> str:
    """A schema in a few words."""
    seen = next((one for one in part.get("anyOf", ()) if one.get("type") != "null"), part)
    if "enum" in seen:
        return " | ".join(str(one) for one in seen["enum"][:12])
    kind = str(seen.get("type", ""))
    if kind == "array":
        return f"[{kind_of(seen.get('items', {}))}]"
    return f"{kind} ({seen['format']})" if "format" in seen else kind
