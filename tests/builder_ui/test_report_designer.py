"""Reports are built by laying fields on shelves; what cannot be is told at its place, and nothing typed is lost."""

import json
import re

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.form import submit
from engines.report.analyses import analyses

from .test_commands import shown


@pytest.fixture
def sales(desk):
    """Four sales of two buyers, in the live app: one has bought often enough for silver."""

    def fill(uow):
        app = uow.apps.app("shop")
        for name, amounts in (("Ann", (10, 20, 30)), ("Bo", (5,))):
            buyer = submit.create_record(uow, app.form("buyer"), {"name": name})
            uow.settle()
            for amount in amounts:
                submit.create_record(uow, app.form("sale"), {"buyer": buyer.id, "amount": amount, "status": "paid"})

    desk.platform.run(SYSTEM, fill)
    return desk


def sell(desk, *amounts):
    """Further sales, to nobody in particular."""

    def fill(uow):
        for amount in amounts:
            submit.create_record(uow, uow.apps.app("shop").form("sale"), {"amount": amount})

    desk.platform.run(SYSTEM, fill)


@pytest.fixture
def report(sales):
    """A blank report over the sales."""
    sales.post("/reports/new")
    sales.cmd("reports", "report", "source", value="source:sale")
    return lambda: sales.part("reports", "report")


def lay(desk, token, **more):
    return desk.cmd("reports", "report", "put", token=token, **more)


def test_a_blank_report_offers_fields_and_charts_to_begin_with(sales, report):
    page = sales.get("/reports/report").text
    for token in ("status", "amount", "buyer", "buyer.total", "buyer_tier"):
        assert f'data-test="field-{token}"' in page
    assert re.findall(r'data-test="suggest-(\d)"', page) == ["0", "1", "2", "3"]
    sales.cmd("reports", "report", "suggest", n="1")
    assert report()["rows"] == [{"field": "status"}]
    assert sales.draft().problems == []


def test_fields_laid_one_after_another_make_a_chart_with_its_numbers(sales, report):
    lay(sales, "status")
    answer = lay(sales, "amount", shelf="values")
    assert (report()["rows"], report()["chart"]) == ([{"field": "status"}], {"type": "bar"})
    assert 'data-test="preview"' in shown(answer, "canvas")
    spec = json.loads(re.search(r'<script type="application/json" id="spec-report">(.*?)</script>', answer.text)[1])
    assert [(row["m"], row["y"]) for row in spec["spec"]["datasets"]["rows"]] == [("count", 4), ("sum_amount", 65)]


def test_a_lookup_and_a_path_split_it_the_same_way(sales, report):
    numbers = []
    for token in ("buyer_tier", "buyer.tier"):
        sales.cmd("reports", "report", "source", value="source:sale")
        lay(sales, token)
        answer = sales.cmd("reports", "report", "chart", type="table")
        numbers.append(re.findall(r'<td class="end num">(\d+)</td>', answer.text))
    assert numbers[0] == numbers[1] == ["3", "1"]


def test_impossible_charts_say_why_in_words(sales, report):
    answer = lay(sales, "status")
    kpi = re.search(r"<button[^>]*data-test=\"chart-kpi\"", answer.text)[0]
    assert 'aria-disabled="true"' in kpi
    assert "needs 0 dimensions, there are 1" in kpi
    assert "data-op" not in kpi


def test_a_chip_is_moved_changed_and_taken_away(sales, report):
    lay(sales, "status")
    lay(sales, "at", shelf="rows", index="0")
    sales.cmd("reports", "report", "change", shelf="rows", n="0", name="bucket", value="week")
    assert report()["rows"][0] == {"field": "at", "bucket": "week", "fill": "gaps"}
    sales.cmd("reports", "report", "move", shelf="rows", n="1", to="color", index="0")
    assert report()["color"] == [{"field": "status"}]
    sales.cmd("reports", "report", "change", shelf="color", n="0", name="top", value="5")
    assert report()["color"][0]["top"] == {"n": 5, "by": "count", "other": True}
    sales.cmd("reports", "report", "take", shelf="color", n="0")
    assert "color" not in report()
    assert sales.draft().problems == []


def test_filters_are_chosen_from_what_a_field_holds(sales, report):
    lay(sales, "status")
    answer = lay(sales, "status", shelf="filters")
    assert re.search(r'id="chip-filters-0"[^>]* open', answer.text)
    sales.cmd("reports", "report", "cut", n="0", op_="in", value=["paid", "open"])
    assert report()["filter"] == [{"field": "status", "op": "in", "value": ["paid", "open"]}]
    lay(sales, "amount", shelf="filters")
    answer = sales.cmd("reports", "report", "cut", n="1", op_=">=", value="10")
    assert report()["filter"][1] == {"field": "amount", "op": ">=", "value": 10}
    assert "≥ 10" in shown(answer, "canvas")
    lay(sales, "at", shelf="filters")
    answer = sales.cmd("reports", "report", "period", value="this year")
    assert report()["params"] == [{"id": "period", "op": "period", "field": "at", "default": "this year"}]
    assert "This year" in shown(answer, "canvas")


def test_the_panel_asks_what_the_chart_is_made_of(sales, report):
    lay(sales, "status")
    panel = sales.get("/reports/report").text
    for name in ("stack", "horizontal", "labels", "legend", "tone", "sort", "top", "format", "title"):
        assert f'data-setting="{name}"' in panel
    sales.cmd("reports", "report", "set", name="legend", **{"p-legend": "none"})
    sales.cmd("reports", "report", "set", name="sort", **{"p-sort": "count asc"})
    sales.cmd("reports", "report", "set", name="top", **{"p-top": "3"})
    sales.cmd("reports", "report", "set", name="other")
    sales.cmd("reports", "report", "set", name="records")
    made = report()
    assert made["chart"] == {"type": "bar", "legend": "none"}
    assert made["sort"] == [{"by": "count", "desc": False}]
    assert made["rows"][0]["top"] == {"n": 3, "by": "count", "other": False}
    assert made["drill"] == {"records": False}
    assert sales.draft().problems == []
    refused = sales.cmd("reports", "report", "set", name="top", **{"p-top": "many"})
    assert refused.status_code == 422
    assert 'value="many"' in shown(refused, "props")


def test_a_sum_of_texts_is_told_at_its_chip_with_the_mend(sales, report):
    lay(sales, "status")
    lay(sales, "no", shelf="values")
    page = sales.get("/reports/report").text
    assert re.search(r'disabled title="Only numbers, money and durations" data-test="agg-sum"', page)
    text = report() | {"values": [{"agg": "sum", "field": "no"}]}
    answer = sales.cmd("reports", "report", "json", text=json.dumps(text))
    assert "numbers, money and durations have" in re.search(r'data-test="chip-problem">([^<]+)<', answer.text)[1]
    assert 'data-test="why-not"' in answer.text


def test_a_field_that_was_deleted_leaves_a_chip_that_says_so(sales, report):
    lay(sales, "at")
    lay(sales, "status")
    sales.cmd("forms", "sale", "remove", id="field:status")
    page = sales.get("/reports/report").text
    chip = page.split('id="chip-color-0"')[1]
    assert "has no &#39;status&#39;" in chip.split("</details>")[0]
    answer = sales.cmd("reports", "report", "take", shelf="color", n="0")
    assert 'data-test="chip-problem"' not in answer.text
    assert [path for path, _ in sales.draft().problems if path.startswith("/reports")] == []


def test_a_field_that_is_not_published_yet_waits_and_says_so(sales, report):
    sales.cmd("forms", "sale", "add", type="text", section="rest", index=0)
    name = sales.part("forms", "sale")["fields"][0]["id"]
    answer = lay(sales, name)
    assert "not published yet" in answer.text
    assert sales.draft().problems == []


def test_json_that_is_not_whole_stays_as_it_was_typed(sales, report):
    answer = sales.cmd("reports", "report", "json", text='{"id": "report", "rows": [')
    assert answer.status_code == 422
    assert "{&#34;id&#34;: &#34;report&#34;, &#34;rows&#34;: [" in shown(answer, "props")
    assert 'data-test="json-problem"' in shown(answer, "props")
    assert "rows" not in report()


def test_ten_thousand_groups_are_told_with_a_way_out(sales, report, monkeypatch):
    from engines.report.charts import charts

    lay(sales, "amount", shelf="rows")
    monkeypatch.setattr(type(charts.get("bar")), "most", 3)
    page = sales.get("/reports/report").text
    assert "4 groups, at most 3 can be drawn" in page
    assert 'data-test="take-ten"' not in page  # there are no more than ten
    sell(sales, *range(100, 110))
    page = sales.get("/reports/report").text
    assert "14 groups, at most 3 can be drawn" in page
    assert 'data-test="take-ten"' in page
    answer = sales.cmd("reports", "report", "change", shelf="rows", n="0", name="top", value="2")
    assert 'data-test="crowded"' not in answer.text


def test_a_large_table_is_sampled_and_says_so(sales, report, monkeypatch):
    from builder_ui.reports import preview as report_preview

    monkeypatch.setattr(report_preview, "SAMPLE", 2)
    lay(sales, "status")
    answer = sales.cmd("reports", "report", "chart", type="table")
    assert "Sample: the newest 2 records" in answer.text
    assert re.findall(r'<td class="end num">(\d+)</td>', answer.text) == ["2"]
    whole = sales.get("/reports/report?sel=whole").text
    assert 'data-test="sample"' not in whole
    assert re.findall(r'<td class="end num">(\d+)</td>', whole) == ["4"]


def test_numbers_are_those_that_the_author_may_see(sales, report):
    lay(sales, "status")

    def hire(uow):
        people.add(uow.session, "mia", "builder")
        return people.make_link(uow.session, "mia")

    client = sales.client.application.test_client()
    client.get(f"/sign-in/{sales.platform.run(SYSTEM, hire)}")
    client.set_cookie("language", "en")
    page = client.get("/build/shop/reports/report").text
    assert "you may not read" in re.search(r'data-test="why-not">.*?</div>', page, re.DOTALL)[0]
    assert 'data-test="preview"' not in page


@pytest.mark.parametrize("kind", sorted(one.type for one in analyses))
def test_each_analysis_begins_whole_and_has_a_panel(sales, report, kind):
    answer = sales.cmd("reports", "report", "analysis", type=kind)
    assert report()["analysis"]["type"] == kind
    assert sales.draft().problems == []
    for setting in analyses.get(kind).config:
        if "visible" not in setting:
            assert f'data-setting="{setting["id"]}"' in shown(answer, "props")
    assert 'data-test="preview"' in shown(answer, "canvas")
    assert 'data-test="shelf-rows"' not in shown(answer, "canvas")
    again = sales.cmd("reports", "report", "analysis", type=kind)
    assert "analysis" not in report()
    assert 'data-test="shelf-rows"' in shown(again, "canvas")


def test_the_settings_of_an_analysis_are_changed(sales, report):
    sales.cmd("reports", "report", "analysis", type="funnel")
    rows = {"p-steps": ["0", "1"], "p-steps-0-label.en": "Sold", "p-steps-1-label.en": "Paid",
            "p-steps-1-when": 'status = "paid"'}  # fmt: skip
    answer = sales.cmd("reports", "report", "set", name="steps", **rows)
    steps = report()["analysis"]["steps"]
    assert [one["label"]["en"] for one in steps] == ["Sold", "Paid"]
    assert steps[1]["when"] == 'status = "paid"'
    assert 'data-chart="spec-report"' in answer.text
    sales.cmd("reports", "report", "set", name="steps", **rows | {"p-steps-1-when": "statu = 1"})
    assert [path for path, _ in sales.draft().problems] == ["/reports/0/analysis/steps/1/when"]
    sales.cmd("reports", "report", "analysis", type="rfm")
    sales.cmd("reports", "report", "set", name="scores", **{"p-scores": "3"})
    assert report()["analysis"]["scores"] == 3
