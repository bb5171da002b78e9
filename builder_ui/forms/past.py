"""Fields of earlier versions that a form no longer has: what people entered is still there, and they can come back."""

from collections.abc import Iterator

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import migrate

from ..base import Page

VERSIONS = 20
"""How far back they are looked for."""


def gone(look: Look, page: Page) -> Iterator[Definition]:
    """As they were defined last, the newest first."""
    here = {f["id"] for f in page.body["fields"]}
    lost = migrate.names_taken(look.session, page.app, page.part) - here
    for one in look.apps.history(page.app)[:VERSIONS] if lost else ():
        forms = look.apps.version(page.app, one["version"]).definition["forms"]
        for field in next((form["fields"] for form in forms if form["id"] == page.part), ()):
            if field["id"] in lost:
                lost = lost - {field["id"]}
                yield field
