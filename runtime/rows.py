"""Rows of a list, made in Python: what is the same in every row of a column is worked out once a page.

The plain way is `show` for each cell; a test holds the two side by side."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from engines.core.kernel.kind import Definition
from engines.form.read import Known

from . import render
from .views.base import Place, records
from .views.looks import can_cell, phone_roles

NUMERIC = ("money", "number", "percent")


@records.app_template_global()
def rows_html(
    place: Place, columns: list[Definition], rows: list[dict[str, Any]], known: Known, query: str = ""
) -> Markup:
    """The table rows of a page; `query` goes along to the record's page."""
    made = _Rows(place, columns, known, query)
    return Markup("\n".join(made.row(row) for row in rows))  # noqa: S704  every part is escaped where it is made


class _Rows:
    def __init__(self, place: Place, columns: list[Definition], known: Known, query: str) -> None:
        self.title, self.select = place.form.title, gettext("Select")
        self.href = url_for("records.detail", record=0, **place.link)[:-1]
        self.query = "?" + query if query else ""
        roles = phone_roles(columns, self.title)
        self.columns = [
            (f["id"], _opening(place, f, roles[f["id"]]), render.reader(f, known, short=True)) for f in columns
        ]

    def row(self, row: dict[str, Any]) -> str:
        number, called = row["_id"], row.get(self.title)
        cells = [self._cell(number, name, attributes, read, row.get(name)) for name, attributes, read in self.columns]
        avatar = (
            f'<span class="av t-{render.tone_of(number)} l" aria-hidden="true">'
            f"{escape(render.initial(str(called or '?')))}</span>"
        )
        return (
            f'<tr id="row-{number}" data-test="row-{number}" data-id="{number}" data-version="{row["_version"]}">'
            f'<td class="tick"><input type="checkbox" class="tickbox" name="ids" value="{number}" '
            f'aria-label="{escape(self.select)} {escape(called or number)}"></td><td class="c-av">{avatar}</td>\n'
            f"{''.join(cells)}</tr>"
        )

    def _cell(self, number: int, name: str, attributes: str, read: Callable[[Any], str], stored: Any) -> str:
        inner = read(stored)
        if name == self.title:
            shown = "–" if stored is None else inner
            href = f"{self.href}{number}{self.query}"
            inner = f'<a class="plain" href="{href}" data-test="open-{number}"><b>{shown}</b></a>'
        return f'<td id="cell-{number}-{name}" {attributes}>{inner}</td>\n'


def _opening(place: Place, field: Definition, role: str) -> str:
    classes = ("end " if render.seen_widget(field) in NUMERIC else "") + role
    here = field["id"] in place.form.fields and can_cell(place, field)
    return f'class="{classes}"' + (f' data-cell="{field["id"]}" tabindex="-1"' if here else "")
