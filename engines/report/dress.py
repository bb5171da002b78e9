"""Settings that several charts share: where the legend stands and which colours of the theme are taken."""

from collections.abc import Iterator
from typing import Any

from engines.core.kernel.kind import Definition

SERIES = 10
LEGEND: Definition = {
    "id": "legend",
    "type": "select",
    "label": {"zh": "图例", "en": "Legend"},
    "options": [
        {"id": "top", "label": {"zh": "上方", "en": "Above"}},
        {"id": "right", "label": {"zh": "右侧", "en": "At the right"}},
        {"id": "bottom", "label": {"zh": "下方", "en": "Below"}},
        {"id": "none", "label": {"zh": "不显示", "en": "None"}},
    ],
}
TONE: Definition = {
    "id": "tone",
    "type": "select",
    "label": {"zh": "颜色", "en": "Colours"},
    "options": [
        {"id": "c1", "label": {"zh": "蓝", "en": "Blue"}},
        {"id": "c2", "label": {"zh": "橙", "en": "Orange"}},
        {"id": "c3", "label": {"zh": "绿", "en": "Green"}},
        {"id": "c4", "label": {"zh": "玫红", "en": "Rose"}},
        {"id": "c5", "label": {"zh": "紫", "en": "Violet"}},
        {"id": "c6", "label": {"zh": "青", "en": "Cyan"}},
    ],
    "help": {"zh": "多个系列时从这个颜色开始", "en": "Several series begin with this one"},
}
MARKED = ("bar", "line", "area", "point")


def dressed(spec: dict[str, Any], config: Definition) -> dict[str, Any]:
    """The spec with the chart's legend and colours, the latter as $tokens of the theme."""
    for node in _layers(spec):
        color = node.get("encoding", {}).get("color", {})
        if "field" in color:
            _legend(color, config.get("legend"))
            _range(color, config.get("tone"))
        elif config.get("tone") and _mark(node) in MARKED and not color:
            node["mark"] = _as_dict(node["mark"]) | {"color": f"${config['tone']}"}
    return spec


def _layers(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for layer in node.get("layer", ()):
        yield from _layers(layer)


def _legend(color: dict[str, Any], orient: str | None) -> None:
    if orient == "none":
        color["legend"] = None
    elif orient:
        flat = "vertical" if orient == "right" else "horizontal"
        color["legend"] = (color.get("legend") or {}) | {"orient": orient, "direction": flat}


def _range(color: dict[str, Any], tone: str | None) -> None:
    if tone and "range" not in color.get("scale", {}):
        first = int(tone[1:]) - 1
        tokens = [f"$c{(first + n) % SERIES + 1}" for n in range(SERIES)]
        color["scale"] = color.get("scale", {}) | {"range": tokens}


def _mark(node: dict[str, Any]) -> str:
    return str(_as_dict(node.get("mark", {})).get("type", ""))


def _as_dict(mark: Any) -> dict[str, Any]:
    return {"type": mark} if isinstance(mark, str) else dict(mark)
