"""Everything that is pruned says how long it is kept, in both languages, and is in the table of the guide."""

import re

import pytest

from engines.apps import workspace
from engines.core.database.retention import kept

from ..conftest import ROOT

workspace.declare()
EACH = pytest.mark.parametrize("kind", list(kept), ids=lambda kind: kind.type)
ROW = re.compile(r"^\| `([a-z_]+)` \| .+ \| (\d+) \|$", re.MULTILINE)


@EACH
def test_it_is_named_in_both_languages_and_is_kept_for_a_while(kind):
    assert {"zh", "en"} <= kind.label.keys()
    assert kind.days > 0


def test_the_guide_tells_how_long_each_is_kept():
    guide = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert {name: int(days) for name, days in ROW.findall(guide)} == {kind.type: kind.days for kind in kept}
