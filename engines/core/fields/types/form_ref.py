"""A form of the app, chosen in a panel."""

import re
from typing import Any

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types

PATTERN = "[a-z](?:_?[a-z0-9])*_?"


@field_types.register
class FormRef(FieldType):
    type = "form_ref"
    label = {"zh": "选表单", "en": "Choice of form"}
    icon = "table"
    widget = "form_ref"
    in_palette = False
    examples = [({}, "shop", "shop"), ({}, "live_session", "live_session")]
    rejects = [({}, "Shop 1", "not_a_form"), ({}, "a__b", "not_a_form"), ({}, 7, "not_a_form")]
    reasons = {"not_a_form": {"zh": "从列表里选一张表单", "en": "Choose from the list of forms"}}

    def parse(self, raw: Any, field: Definition) -> str:
        if not isinstance(raw, str) or len(raw) > 20 or not re.fullmatch(PATTERN, raw):
            raise Rejected("not_a_form")
        return raw

    def schema(self, field: Definition) -> Definition:
        return {"type": "string", "pattern": f"^{PATTERN}$", "maxLength": 20}
