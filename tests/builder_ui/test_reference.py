"""What a package adds stands in palette, panel, canvas and papers by itself."""

from typing import Any

from engines.core.fields import field_types
from engines.core.fields.base import FieldType
from engines.core.formula.functions import every
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition
from engines.flow.base import Node, node_types


class Plate(FieldType):
    """A number plate, as a package would bring it."""

    type = "plate"
    label = {"zh": "车牌", "en": "Number plate"}
    icon = "tag"
    config = [{"id": "land", "type": "text", "label": {"zh": "省份", "en": "Province"}, "max_length": 1}]
    examples = [({"land": "沪"}, "沪A·12345", "沪A·12345")]
    rejects = [({}, "A", "no_plate")]
    reasons = {"no_plate": {"zh": "车牌太短", "en": "Too short for a plate"}}

    def parse(self, raw: Any, field: Definition) -> str:
        if len(str(raw)) < 7:
            raise Rejected("no_plate")
        return str(raw)


class Ferry(Node):
    """A step, as a package would bring it."""

    type = "ferry"
    label = {"zh": "等渡船", "en": "Wait for the ferry"}
    icon = "clock"
    config = [{"id": "pier", "type": "text", "label": {"zh": "码头", "en": "Pier"}}]
    examples = [({"pier": "north"},)]


def test_a_field_type_of_a_package_is_in_palette_canvas_panel_and_papers(desk):
    with field_types.temporarily(Plate):
        assert 'data-test="type-plate"' in desk.get("/forms/buyer").text
        answer = desk.cmd("forms", "buyer", "add", type="plate").text
        assert "Number plate" in answer
        assert 'data-setting="land"' in answer
        papers = desk.client.get("/build/components").text
        assert all(words in papers for words in ('data-test="type-plate"', "沪A·12345", "Too short for a plate"))
        told = desk.client.get("/build/reference").text
        assert 'data-test="ref-fields-plate"' in told
        assert "Province" in told
        desk.cmd("forms", "buyer", "undo")


def test_a_step_of_a_package_is_in_the_papers(desk):
    with node_types.temporarily(Ferry):
        told = desk.client.get("/build/reference").text
    assert 'data-test="ref-steps-ferry"' in told
    assert "Pier" in told


def test_every_function_of_formulas_is_in_the_papers(desk):
    told = desk.client.get("/build/reference").text
    assert [one.name for one in every() if f'data-test="ref-function-{one.name}"' not in told] == []
