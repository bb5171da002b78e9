"""A field of a draft drawn with the control people will get, whole or not; what says the same is not drawn again."""

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson
from markupsafe import Markup

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.form.read import Known
from runtime import render

from .base import Page
from .unknown import unknown


def drawn(page: Page, field: Definition) -> Markup:
    """The field as people will see it; a field that lacks something is a box with its name."""
    return _drawn(page.app, render.language(), orjson.dumps(field))


@lru_cache(maxsize=4096)
def _drawn(app: str, language: str, body: bytes) -> Markup:
    """An empty control says nothing but its definition, so one that nobody changed is not drawn again."""
    field: Definition = orjson.loads(body)
    how: dict[str, Any] = {"name": f"c-{field['id']}", "width": 12}
    if card := unknown("field", field):
        return Markup('<div class="fld"><span class="lbl">{}</span>{}</div>').format(render.label(field["label"]), card)
    try:
        return render.control({"options": []} | field, None, None, Known(app=app), **how)
    except (AppError, KeyError, TypeError, AttributeError):
        return Markup('<div class="fld"><span class="lbl">{}</span><div class="in ro"></div></div>').format(
            render.label(field["label"])
        )


MOST = 8192
_remembered: OrderedDict[tuple[str, str, bytes], Markup] = OrderedDict()


def remembered(page: Page, macro: Callable[..., Markup], *given: Any) -> Markup:
    """What a macro of a designer makes of JSON values for a reader in this language; it depends on nothing else, so it
    is asked once for each."""
    key = f"{page.kind} {getattr(macro, 'name', '')}", f"{render.language()} {page.app}", orjson.dumps(given)
    found = _remembered.get(key)
    if found is None:
        found = _remembered[key] = macro(*given)
        while len(_remembered) > MOST:
            _remembered.popitem(last=False)
    return found
