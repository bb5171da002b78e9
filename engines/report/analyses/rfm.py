"""RFM: how long ago, how often and how much, each as a score; eight segments of high and low."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.records.query import Where

from ..activity import AMOUNT, ENTITY, TIME, amount_column, day_of, home_of, latest, only, those
from ..analysis import Analysis, analyses
from ..errors import BadParam
from ..frame import Column, Frame
from ..zones import local

SEGMENTS: dict[tuple[bool, bool, bool], tuple[str, Label]] = {
    (True, True, True): ("best", {"zh": "重要价值", "en": "Best"}),
    (True, False, True): ("promising", {"zh": "重要发展", "en": "Promising"}),
    (False, True, True): ("slipping", {"zh": "重要保持", "en": "Slipping away"}),
    (False, False, True): ("lost_big", {"zh": "重要挽留", "en": "Large and lost"}),
    (True, True, False): ("steady", {"zh": "一般价值", "en": "Steady"}),
    (True, False, False): ("fresh", {"zh": "一般发展", "en": "New and small"}),
    (False, True, False): ("fading", {"zh": "一般保持", "en": "Fading"}),
    (False, False, False): ("lost", {"zh": "一般挽留", "en": "Small and lost"}),
}
Scores = dict[Any, tuple[int, int, int]]


def _limits(name: str, zh: str, en: str) -> Definition:
    return {
        "id": name,
        "type": "json",
        "label": {"zh": zh, "en": en},
        "help": {"zh": "从低到高的分界，如 [1, 3, 10]", "en": "Limits from low to high, such as [1, 3, 10]"},
        "visible": 'cut = "limits"',
    }


@analyses.register
class Rfm(Analysis):
    type = "rfm"
    label = {"zh": "RFM 分群", "en": "RFM segments"}
    icon = "star"
    chart = "bar"
    config = [
        ENTITY,
        TIME,
        AMOUNT,
        {"id": "scores", "type": "number", "label": {"zh": "分几档", "en": "How many scores"}, "min": 2, "max": 10,
         "scale": 0},
        {
            "id": "cut",
            "type": "select",
            "label": {"zh": "怎么分档", "en": "How scores are cut"},
            "options": [
                {"id": "quantiles", "label": {"zh": "按人数均分，同值同档", "en": "Equal shares, ties together"}},
                {"id": "limits", "label": {"zh": "按给定的分界", "en": "By given limits"}},
            ],
        },
        _limits("recency", "距今几天的分界", "Limits of days ago"),
        _limits("frequency", "次数的分界", "Limits of how often"),
        _limits("monetary", "金额的分界", "Limits of the amount"),
        {
            "id": "show",
            "type": "select",
            "label": {"zh": "看什么", "en": "What is shown"},
            "options": [
                {"id": "segments", "label": {"zh": "八个分群", "en": "Eight segments"}},
                {"id": "grid", "label": {"zh": "近度 × 频度", "en": "Recency by frequency"}},
                {"id": "frequency", "label": {"zh": "频度各档", "en": "Scores of frequency"}},
            ],
        },
        {"id": "as_of", "type": "date", "label": {"zh": "算到哪一天", "en": "As of which day"},
         "help": {"zh": "不填就是今天", "en": "Today when left empty"}},
    ]  # fmt: skip
    examples = [
        ({"entity": "city", "time": "created_at", "amount": "id"},),
        ({"entity": "city", "time": "created_at", "amount": "id", "scores": 3, "show": "grid"},),
        ({"entity": "city", "time": "created_at", "amount": "id", "cut": "limits", "recency": [30], "frequency": [3],
          "monetary": [10]},),
    ]  # fmt: skip

    def frame(self, running: Any, config: Definition) -> Frame:
        facts, scores = _scored(running, config)
        groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for who, one in scores.items():
            groups[_key(config, one)].append(who)
        amount = amount_column(running, config, "amount", {"zh": "金额", "en": "Amount"}, "share")
        people = Column("people", {"zh": "人数", "en": "How many"}, "number", "measure", "number")
        rows = [[*key, len(who), _sum(facts[one][2] for one in who)] for key, who in sorted(groups.items(), key=_order)]
        return Frame([*_dims(config), people, amount], rows, notes=[_note(running, config)])

    def home(self, running: Any, config: Definition) -> str:
        return home_of(running, config)

    def behind(self, running: Any, config: Definition, row: dict[str, Any]) -> tuple[Where, ...]:
        names = [column.id for column in _dims(config)]
        only(row, set(names))
        _, scores = _scored(running, config)
        wanted = tuple(row.get(name) for name in names)
        found = [who for who, one in scores.items() if not row or _key(config, one) == wanted]
        if not found:
            raise BadParam(param="mark", value=wanted)
        return those(running, config, found)


def _sum(amounts: Iterable[float]) -> float:
    """To 15 digits, so that databases agree."""
    return float(f"{sum(amounts):.15g}")


def quantile_scores(values: Mapping[Any, float], count: int) -> dict[Any, int]:
    """1 to `count` by the share of smaller values: equal values always get the same score."""
    known = sorted(values.values())
    return {who: min(count, bisect_left(known, value) * count // len(known) + 1) for who, value in values.items()}


def limit_scores(values: Mapping[Any, float], limits: Sequence[float]) -> dict[Any, int]:
    """1 below the first limit, one more from each limit on."""
    ordered = sorted(limits)
    return {who: bisect_right(ordered, value) + 1 for who, value in values.items()}


def _scored(running: Any, config: Definition) -> tuple[dict[Any, tuple[Any, int, float]], Scores]:
    facts, zone = latest(running, config), running.app.zone
    today = day_of(config["as_of"], zone) if config.get("as_of") else local(running.look.now, zone)
    ago = {who: float((today.date() - day_of(at, zone).date()).days) for who, (at, _, _) in facts.items()}
    often = {who: float(count) for who, (_, count, _) in facts.items()}
    much = {who: amount for who, (_, _, amount) in facts.items()}
    if config.get("cut") == "limits":
        recent = limit_scores({who: -days for who, days in ago.items()}, [-one for one in config.get("recency", ())])
        parts = (recent, *(limit_scores(v, config.get(n, ())) for v, n in ((often, "frequency"), (much, "monetary"))))
    else:
        count = int(config.get("scores", 5))
        parts = tuple(quantile_scores(v, count) for v in ({w: -d for w, d in ago.items()}, often, much))
    return facts, {who: (parts[0][who], parts[1][who], parts[2][who]) for who in facts}


def _tops(config: Definition) -> tuple[int, int, int]:
    """The highest score of each of the three."""
    if config.get("cut") == "limits":
        r, f, m = (len(config.get(name, ())) + 1 for name in ("recency", "frequency", "monetary"))
        return r, f, m
    return (int(config.get("scores", 5)),) * 3


def _key(config: Definition, scores: tuple[int, int, int]) -> tuple[Any, ...]:
    show = config.get("show", "segments")
    if show == "grid":
        return scores[:2]
    if show == "frequency":
        return (scores[1],)
    high = tuple(2 * score > top + 1 for score, top in zip(scores, _tops(config), strict=True))
    return (SEGMENTS[high[0], high[1], high[2]][0],)


def _dims(config: Definition) -> list[Column]:
    recency = Column("recency", {"zh": "近度", "en": "Recency"}, "number", "dimension")
    frequency = Column("frequency", {"zh": "频度", "en": "Frequency"}, "number", "dimension")
    show = config.get("show", "segments")
    if show == "grid":
        return [recency, frequency]
    if show == "frequency":
        return [frequency]
    labels: dict[Any, Label] = dict(SEGMENTS.values())
    return [Column("segment", {"zh": "分群", "en": "Segment"}, "choice", "dimension", labels=labels)]


def _order(group: tuple[tuple[Any, ...], list[Any]]) -> tuple[Any, ...]:
    """Scores from low to high, segments as they are listed."""
    places = {name: n for n, (name, _) in enumerate(SEGMENTS.values())}
    return tuple(places.get(part, part) for part in group[0])


def _note(running: Any, config: Definition) -> Label:
    day = config.get("as_of") or local(running.look.now, running.app.zone).date().isoformat()
    if config.get("cut") == "limits":
        return {"zh": f"算到 {day}，按给定的分界", "en": f"As of {day}, by the given limits"}
    count = int(config.get("scores", 5))
    return {
        "zh": f"算到 {day}，按人数均分 {count} 档，数值相同的在同一档",
        "en": f"As of {day}, {count} scores of equal shares; equal values share a score",
    }
