"""A field of a draft drawn with the control that people will get, whole or not."""

from markupsafe import Markup

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.form.read import Known
from runtime import render

from .base import Page


def drawn(page: Page, field: Definition) -> Markup:
    """The field as people will see it; a field that lacks something is a box with its name."""
    how = {"name": f"c-{field['id']}", "width": 12}
    try:
        return render.control({"options": []} | field, None, None, Known(app=page.app), **how)
    except (AppError, KeyError, TypeError, AttributeError):
        return Markup('<div class="fld"><span class="lbl">{}</span><div class="in ro"></div></div>').format(
            render.label(field["label"])
        )
