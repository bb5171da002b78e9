"""Every registered chart keeps the contract; nothing here names a chart."""

import json

import pytest
from jsonschema import Draft202012Validator

from engines.core.fields.values import json_schema
from engines.report.charts import charts
from engines.report.frame import OTHER, Column, Frame
from engines.report.pictures import themed
from engines.report.templates import Templates, make_all, name_of

EACH = pytest.mark.parametrize("chart", list(charts), ids=lambda chart: chart.type)
EXAMPLES = [pytest.param(c, *e, id=f"{c.type}-{n}") for c in charts for n, e in enumerate(c.examples)]
DRAWN = [pytest.param(c, *e, id=f"{c.type}-{n}") for c in charts if c.image for n, e in enumerate(c.examples)]


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("charts")
    make_all(folder)
    return Templates(folder)


def frame(dims, measures):
    """Rows with a blank group, others, a blank number and a zero."""
    names = [Column(f"d{n}", {"zh": f"维度{n}", "en": f"Dim {n}"}, "text", "dimension") for n in range(dims)]
    values = [
        Column(f"m{n}", {"zh": f"指标{n}", "en": f"Measure {n}"}, "number", "measure", "money", "CNY")
        for n in range(measures)
    ]
    keys = [["甲", "乙", None, OTHER][:4] for _ in range(dims)]
    rows = [[]]
    for options in keys:
        rows = [[*row, option] for row in rows for option in options]
    amounts = [123456.5, 0, 8000, None]
    return Frame(
        [*names, *values],
        [row + [amounts[(n + m) % 4] for m in range(measures)] for n, row in enumerate(rows)],
    )


@EACH
def test_it_is_named_in_both_languages_and_shows_what_it_draws(chart):
    assert {"zh", "en"} <= chart.label.keys()
    assert chart.icon
    assert chart.examples


@EACH
def test_its_settings_are_a_panel_that_its_examples_fill(chart):
    schema = json_schema(chart.config) | {"additionalProperties": False}
    Draft202012Validator.check_schema(schema)
    for config, *_ in chart.examples:
        Draft202012Validator(schema).validate(config)


@pytest.mark.parametrize(("chart", "config", "dims", "measures"), EXAMPLES)
def test_it_takes_the_frames_of_its_examples(chart, config, dims, measures):
    assert chart.why_not(frame(dims, measures)) is None


@EACH
def test_a_frame_of_the_wrong_shape_is_refused_with_what_it_needs(chart):
    for dims, measures in ((5, 1), (chart.dims[0], chart.measures[1] + 1)):
        reason = chart.why_not(frame(dims, measures))
        assert {"zh", "en"} <= reason.keys()
        assert str(dims if dims == 5 else measures) in reason["en"]


@pytest.mark.parametrize(("chart", "config", "dims", "measures"), DRAWN)
def test_its_drawing_was_made_beforehand_and_nothing_is_left_unfilled(chart, config, dims, measures, templates):
    given = frame(dims, measures)
    structure = chart.structure(given, config)
    assert structure in chart.structures()
    assert (templates.folder / name_of(chart, structure)).exists()
    for language in ("zh", "en"):
        spec = themed(templates.spec(chart, structure, chart.fill(given, config, language)), "dark")
        drawing = {name: part for name, part in spec.items() if name != "datasets"}
        assert '"@' not in json.dumps(drawing)
        assert '"$' not in json.dumps({k: v for k, v in drawing.items() if k != "$schema"}).replace('"$schema"', "")
        assert spec["datasets"]["rows"]


@pytest.mark.parametrize(("chart", "config", "dims", "measures"), DRAWN)
def test_the_renderer_draws_it(chart, config, dims, measures, templates):
    import vl_convert

    given = frame(dims, measures)
    spec = templates.spec(chart, chart.structure(given, config), chart.fill(given, config, "zh"))
    picture = vl_convert.vegalite_to_svg(themed(spec, "light", "标题"))
    assert "标题" in picture
    assert "NaN" not in picture


@pytest.mark.parametrize(("chart", "config", "dims", "measures"), DRAWN)
def test_each_mark_knows_its_row_and_its_measure(chart, config, dims, measures):
    given = frame(dims, measures)
    if not dims:
        return
    for datum in chart.fill(given, config, "en").data:
        assert 0 <= datum["i"] < len(given.rows)
        assert datum["y"] == given.rows[datum["i"]][given.index(datum["m"])]
