"""Cohorts: of those who began in one span, how many came again so many spans later."""

from collections import defaultdict
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.records.query import Where

from ..activity import (
    AMOUNT,
    ENTITY,
    TIME,
    UNIT,
    activity,
    amount_column,
    bucket_of,
    home_of,
    only,
    spans_between,
    those,
)
from ..analysis import Analysis, analyses
from ..errors import BadParam
from ..frame import Column, Frame

Members = dict[tuple[str, int], set[Any]]
UNITS: dict[str, tuple[str, str]] = {"day": ("天", "day"), "week": ("周", "week"), "month": ("月", "month"),
                                     "quarter": ("季", "quarter"), "year": ("年", "year")}  # fmt: skip


@analyses.register
class Cohort(Analysis):
    type = "cohort"
    label = {"zh": "留存（同期群）", "en": "Retention (cohorts)"}
    icon = "users"
    chart = "heat"
    config = [
        ENTITY,
        TIME,
        UNIT,
        {
            "id": "by",
            "type": "select",
            "label": {"zh": "谁算一群", "en": "Who is a cohort"},
            "options": [
                {"id": "first", "label": {"zh": "第一次来的", "en": "Who came for the first time"}},
                {"id": "each", "label": {"zh": "那一期来过的", "en": "Who came in that span"}},
            ],
        },
        {
            "id": "show",
            "type": "select",
            "label": {"zh": "看什么", "en": "What is shown"},
            "options": [
                {"id": "count", "label": {"zh": "人数", "en": "How many"}},
                {"id": "share", "label": {"zh": "占比", "en": "What share"}},
                {"id": "amount", "label": {"zh": "累计金额", "en": "Amount so far"}},
            ],
        },
        AMOUNT | {"required": False, "visible": 'show = "amount"'},
    ]
    examples = [
        ({"entity": "city", "time": "created_at", "unit": "month"},),
        ({"entity": "city", "time": "created_at", "unit": "day", "by": "each"},),
    ]

    def frame(self, running: Any, config: Definition) -> Frame:
        spans = activity(running, config, whole=True)
        members, sizes = _members(running, config, spans)
        bucket, show = bucket_of(running, config), config.get("show", "count")
        zh, en = UNITS[bucket.unit]
        columns = [
            Column("cohort", {"zh": "开始的那期", "en": "Began in"}, "text", "dimension", unit=bucket.unit),
            Column("after", {"zh": f"之后第几{zh}", "en": f"{en.capitalize()}s later"}, "number", "dimension"),
            _value(running, config),
        ]
        rows: list[list[Any]] = []
        for (cohort, after), who in members.items():
            size = len(sizes[cohort])
            value: Any = len(who)
            if show == "share":
                value = float(f"{len(who) / size:.15g}") if size else None
            elif show == "amount":
                value = _amount(spans, sizes[cohort], _spans(running, config, spans), cohort, after)
            rows.append([cohort, after, value])
        return Frame(columns, rows, notes=[_note(config)])

    def home(self, running: Any, config: Definition) -> str:
        return home_of(running, config)

    def behind(self, running: Any, config: Definition, row: dict[str, Any]) -> tuple[Where, ...]:
        only(row, {"cohort", "after"})
        members, sizes = _members(running, config, activity(running, config, whole=True))
        if not row:
            return those(running, config, set().union(*sizes.values()))
        key = str(row.get("cohort")), int(row.get("after") or 0)
        if key not in members:
            raise BadParam(param="cohort", value=row.get("cohort"))
        return those(running, config, members[key])


def _spans(running: Any, config: Definition, spans: Any) -> list[str]:
    return spans_between(bucket_of(running, config), {at for one in spans.values() for at in one}, running)


def _members(running: Any, config: Definition, spans: Any) -> tuple[Members, dict[str, set[Any]]]:
    """Who of each cohort was there so many spans later, and who belongs to it at all."""
    every = _spans(running, config, spans)
    place = {label: n for n, label in enumerate(every)}
    sizes: dict[str, set[Any]] = {label: set() for label in every}
    there: dict[tuple[str, int], set[Any]] = defaultdict(set)
    for who, active in spans.items():
        starts = sorted(active)[:1] if config.get("by", "first") == "first" else sorted(active)
        for start in starts:
            if start not in place:
                continue
            sizes[start].add(who)
            for label in active:
                if place.get(label, -1) >= place[start]:
                    there[start, place[label] - place[start]].add(who)
    full = {(start, n): there.get((start, n), set()) for start in every for n in range(len(every) - place[start])}
    return full, sizes


def _amount(spans: Any, who: set[Any], every: list[str], cohort: str, after: int) -> float:
    """What the cohort brought from its first span up to this one."""
    first = every.index(cohort)
    return float(sum(spans[one].get(label, (0, 0.0))[1] for one in who for label in every[first : first + after + 1]))


def _value(running: Any, config: Definition) -> Column:
    show = config.get("show", "count")
    if show == "share":
        return Column("value", {"zh": "占比", "en": "Share"}, "number", "measure", "percent")
    if show == "amount":
        return amount_column(running, config, "value", {"zh": "累计金额", "en": "Amount so far"}, "measure")
    return Column("value", {"zh": "人数", "en": "How many"}, "number", "measure", "number")


def _note(config: Definition) -> Label:
    """The definition of a cohort stands under the picture: the numbers differ by it."""
    if config.get("by", "first") == "first":
        return {"zh": "每一群是那一期第一次出现的", "en": "A cohort is who was there for the first time in that span"}
    return {"zh": "每一群是那一期出现过的，可重复计入", "en": "A cohort is who was there in that span, each time anew"}
