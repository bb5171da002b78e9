"""What a draft holds that this release does not know: a card that names the type and shows its JSON as it stands."""

import json
from typing import Any

from flask import render_template
from markupsafe import Markup

from engines.core.actions import action_types
from engines.core.fields import field_types
from engines.core.kernel.kind import Definition
from engines.flow.base import node_types, trigger_types
from engines.report.analyses import analyses
from engines.report.charts import charts

REGISTRIES: dict[str, Any] = {
    "field": field_types,
    "action": action_types,
    "step": node_types,
    "trigger": trigger_types,
    "chart": charts,
    "analysis": analyses,
}


def is_known(kind: str, body: Definition) -> bool:
    return str(body.get("type")) in REGISTRIES[kind]


def unknown(kind: str, body: Definition, *, whole: bool = False) -> Markup:
    """The card of a part whose type is not known; nothing when it is. `whole`: with its JSON."""
    if is_known(kind, body):
        return Markup("")
    text = json.dumps(body, ensure_ascii=False, indent=2) if whole else ""
    return Markup(render_template("build/unknown.html", type=body.get("type", ""), json=text))  # noqa: S704  a template escapes itself
