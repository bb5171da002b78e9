"""`/build/reference`: everything an app can be made of in this release, from the registries: a type that a package adds
stands here by itself, with its settings; so does a function of the formula language."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from engines.core.actions import action_types
from engines.core.fields import field_types
from engines.core.formula.functions import every
from engines.core.kernel.kind import Kind
from engines.core.messages import channel_types
from engines.flow.base import node_types, trigger_types
from engines.report.analyses import analyses
from engines.report.charts import charts
from runtime.guard import right

from ..base import build
from ..conditions.formulas import described

GROUPS = {
    "calendar": _("Calendar"),
    "context": _("Who and when"),
    "dates": _("Dates"),
    "formats": _("Formats"),
    "lists": _("Lists and tags"),
    "logic": _("Logic"),
    "math": _("Numbers"),
    "related": _("Related records"),
    "statistics": _("Statistics"),
    "text": _("Text"),
}
"""What the groups of functions are called; a package's own group is called by its id."""


@dataclass(frozen=True)
class Chapter:
    """`types` are of one kind; `id` is where a link leads."""

    id: str
    title: str
    types: list[Kind]


@build.get("/reference")
@right("builder")
def reference() -> str:
    return render_template("build/reference.html", chapters=chapters(), functions=functions())


def chapters() -> list[Chapter]:
    """The kinds of types, each in the order of its registry."""
    fields = [kind for kind in field_types if kind.in_palette]
    return [
        Chapter("fields", gettext("Field types"), list(fields)),
        Chapter("triggers", gettext("What starts a flow"), list(trigger_types)),
        Chapter("steps", gettext("Steps of flows"), list(node_types)),
        Chapter("actions", gettext("Actions of rules and flows"), list(action_types)),
        Chapter("channels", gettext("Ways of a message"), list(channel_types)),
        Chapter("charts", gettext("Charts"), list(charts)),
        Chapter("analyses", gettext("Analyses"), list(analyses)),
    ]


def functions() -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Functions of formulas by group: (id, what it is called, [{name, words, aliases, signature, help, example}])."""
    found = sorted(every(), key=lambda one: (one.group, one.name))
    groups = groupby(found, key=lambda one: one.group)
    return [(group, str(GROUPS.get(group, group)), [described(one) for one in some]) for group, some in groups]
