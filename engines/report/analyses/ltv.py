"""Lifetime value: what each one has brought so far, and what may be expected from revenue, margin and churn."""

from itertools import pairwise
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.records.query import Where

from .. import marks, words
from ..activity import (
    AMOUNT,
    ENTITY,
    TIME,
    UNIT,
    Spans,
    activity,
    amount_column,
    bucket_of,
    home_of,
    only,
    spans_between,
    those,
)
from ..analysis import Analysis, analyses
from ..frame import Column, Frame


@analyses.register
class Ltv(Analysis):
    type = "ltv"
    label = {"zh": "生命周期价值（LTV）", "en": "Lifetime value (LTV)"}
    icon = "money"
    chart = "table"
    config = [
        ENTITY,
        TIME,
        AMOUNT,
        UNIT,
        {"id": "margin", "type": "number", "label": {"zh": "毛利率，如 0.3", "en": "Margin, such as 0.3"}, "min": 0,
         "max": 1, "help": {"zh": "不填按全部收入算", "en": "The whole revenue counts when left empty"}},
    ]  # fmt: skip
    examples = [({"entity": "city", "time": "created_at", "amount": "id", "unit": "month", "margin": 0.3},)]

    def frame(self, running: Any, config: Definition) -> Frame:
        """One row: people, revenue, what each has brought, and the inputs of what is expected."""
        spans, margin = activity(running, config), float(config.get("margin", 1))
        revenue = float(f"{sum(amount for one in spans.values() for _, amount in one.values()):.15g}")
        arpu, churn = _arpu(spans), _churn(spans, spans_between(bucket_of(running, config), _labels(spans), running))
        realised = _over(revenue * margin, len(spans))
        expected = None if arpu is None or not churn else float(f"{arpu * margin / churn:.15g}")

        def money(name: str, zh: str, en: str) -> Column:
            return amount_column(running, config, name, {"zh": zh, "en": en}, "share")

        columns = [
            Column("people", {"zh": "人数", "en": "How many"}, "number", "measure", "number"),
            money("revenue", "收入", "Revenue"),
            money("realised", "已实现 LTV", "Realised LTV"),
            money("arpu", "每期人均收入", "Revenue per active one"),
            Column("margin", {"zh": "毛利率", "en": "Margin"}, "number", "share", "percent"),
            Column("churn", {"zh": "每期流失率", "en": "Churn a span"}, "number", "share", "percent"),
            money("expected", "预期 LTV", "Expected LTV"),
        ]
        row = [len(spans), revenue, realised, arpu, margin, churn, expected]
        return Frame(columns, [row], notes=[_note(money("", "", ""), arpu, margin, churn, expected)])

    def home(self, running: Any, config: Definition) -> str:
        return home_of(running, config)

    def behind(self, running: Any, config: Definition, row: dict[str, Any]) -> tuple[Where, ...]:
        only(row, set())
        return those(running, config, activity(running, config))


def _arpu(spans: Spans) -> float | None:
    """Revenue of a span by those who were active in it, over all spans."""
    pairs = [amount for one in spans.values() for _, amount in one.values()]
    return _over(sum(pairs), len(pairs))


def _churn(spans: Spans, every: list[str]) -> float | None:
    """Of those active in a span, the share that was not active in the next; the last span has no next yet."""
    active = {label: {who for who, one in spans.items() if label in one} for label in every}
    pairs = list(pairwise(every))
    lost = sum(len(active[now] - active[then]) for now, then in pairs)
    return _over(lost, sum(len(active[now]) for now, _ in pairs))


def _labels(spans: Spans) -> set[str]:
    return {label for one in spans.values() for label in one}


def _over(part: float, whole: int) -> float | None:
    return float(f"{part / whole:.15g}") if whole else None


def _note(money: Column, arpu: float | None, margin: float, churn: float | None, expected: float | None) -> Label:
    """`Expected = ¥120.00 × 30.0% ÷ 12.0% = ¥300.00`"""
    shown = [marks.text(money, arpu), words.full(margin, "percent"), words.full(churn, "percent")]
    end = marks.text(money, expected)
    sum_of = f"{shown[0]} × {shown[1]} ÷ {shown[2]} = {end}"
    return {
        "zh": f"预期 LTV = 每期人均收入 × 毛利率 ÷ 每期流失率 = {sum_of}",
        "en": f"Expected = revenue per active one × margin ÷ churn = {sum_of}",
    }
