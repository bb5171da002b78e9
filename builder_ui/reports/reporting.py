"""What the designers of reports, dashboards and datasets share: one panel of settings, and the definition as JSON."""

import json
from typing import Any, ClassVar

from engines.core.kernel.errors import Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from runtime import render

from ..base import Designer, Edit, Page, Sent, designer
from ..panel import controls, sent_value
from ..references import choices_of

TITLE: Definition = {
    "id": "title",
    "type": "labels",
    "label": {"zh": "标题", "en": "Title"},
    "required": True,
    "max_length": 80,
}
NOTE: Definition = {
    "id": "note",
    "type": "labels",
    "label": {"zh": "副标题", "en": "Subtitle"},
    "max_length": 300,
}
DATASET: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "max_length": 80},
    {"id": "source", "type": "form_ref", "label": {"zh": "来自哪张表单", "en": "Records of form"}, "required": True},
    {"id": "default_time", "type": "field_ref", "of": "source", "label": {"zh": "按哪个时间", "en": "Time"}},
    {
        "id": "filter",
        "type": "formula_text",
        "label": {"zh": "只看哪些", "en": "Only those where"},
        "returns": "boolean",
    },
    {"id": "measures", "type": "json", "label": {"zh": "指标", "en": "Measures"}},
]
GROUPS = (("dashboards", "grid"), ("reports", "chart"), ("datasets", "box"))
"""What the menu of the page's name lists, with icons."""


class Reporting(Designer):
    """`folder` holds the panes; every kind can also be taken over whole as JSON."""

    folder = "datasets"
    config: ClassVar[list[Definition]]

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body = page.body
        return {
            "body": body,
            "name": render.label(body.get("title") or body.get("label") or {"en": page.part}),
            "panel": controls(self.config, body, choices_of(page, body), page=page),
            "wrong": page.part_problems(),
            "text": page.typed.get("text") or json.dumps(body, ensure_ascii=False, indent=2),
            "groups": GROUPS,
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        at = [self.kind, page.part]
        if op == "json":
            return "set", {"at": at, "value": parsed(sent)}, ""
        if op != "set":
            raise NotFound(op=op)
        value = sent_value(self.config, page.body, sent)
        return "set", {"at": [*at, sent["name"]], "value": value}, ""


@designer
class Datasets(Reporting):
    kind = "datasets"
    config = DATASET


def parsed(sent: Sent) -> Any:
    """The definition that was typed; Invalid keeps the text and says where it stops being JSON."""
    try:
        return json.loads(sent.get("text", ""))
    except ValueError as error:
        raise Invalid({"text": Rejected("required", told=str(error))}) from error


def number(text: str | None) -> int:
    """A place that was sent; NotFound for what is none."""
    if text is None or not text.isdigit():
        raise NotFound(place=text)
    return int(text)
