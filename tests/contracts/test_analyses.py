"""Every registered analysis keeps the contract; nothing here names one."""

import pytest
from jsonschema import Draft202012Validator

from engines.apps.platform import SYSTEM
from engines.core.fields.values import json_schema
from engines.core.records import query
from engines.report.analyses import analyses
from engines.report.charts import charts
from engines.report.drill import drill
from engines.report.errors import BadParam

from ..engines.report.shop import Shop

EACH = pytest.mark.parametrize("analysis", list(analyses), ids=lambda analysis: analysis.type)
EXAMPLES = [pytest.param(a, *e, id=f"{a.type}-{n}") for a in analyses for n, e in enumerate(a.examples)]


@pytest.fixture
def shop(platform):
    return Shop(platform)


def asked(analysis, config):
    return {"id": "r", "source": "buyer", "title": {"en": "R"}, "analysis": {"type": analysis.type, **config}}


@EACH
def test_it_is_named_in_both_languages_and_has_examples(analysis):
    assert {"zh", "en"} <= analysis.label.keys()
    assert analysis.icon
    assert analysis.examples


@pytest.mark.parametrize(("analysis", "config"), EXAMPLES)
def test_its_settings_are_a_panel_that_its_examples_fill(analysis, config):
    Draft202012Validator(json_schema(analysis.config) | {"additionalProperties": False}).validate(config)


@pytest.mark.parametrize(("analysis", "config"), EXAMPLES)
def test_its_frame_suits_its_chart_and_each_row_leads_to_its_records(analysis, config, shop):
    report = asked(analysis, config)
    frame = shop.run(report)
    assert charts.get(analysis.chart).why_not(frame) is None
    dims, measure = frame.of_role("dimension"), frame.of_role("measure")[0]
    assert frame.rows

    def count(look, row):
        mark = {"row": {frame.columns[n].id: row[n] for n in dims}, "measure": frame.columns[measure].id}
        behind = drill(look, shop.app, report, {}, mark)
        return query.count(look, shop.app.form(behind.form).source, query.Ask(where=behind.where))

    for row in frame.rows:
        assert shop.platform.look(SYSTEM, lambda look, row=row: count(look, row)) == row[measure]


@pytest.mark.parametrize(("analysis", "config"), EXAMPLES)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_row_that_it_does_not_have_is_refused(analysis, config, shop):
    with pytest.raises(BadParam):
        shop.platform.look(
            SYSTEM, lambda look: drill(look, shop.app, asked(analysis, config), {}, {"row": {"step": "nowhere"}})
        )
