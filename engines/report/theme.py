"""The look of charts, light and dark: a Vega config each, and the colours that drawings name by $token."""

from typing import Any

FONT = (
    'Inter, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Source Han Sans SC", "Segoe UI", Arial, sans-serif'
)
SERIES = {
    "light": ["#2f6bde", "#e07b00", "#00916e", "#c2417f", "#7a5cc9", "#1497b8", "#a68a00", "#c9412f", "#5c6b7a",
              "#4e8f2e"],
    "dark": ["#6c9cff", "#ffb04d", "#35c9a0", "#f07fb4", "#b39bff", "#5ccfea", "#e0c64a", "#ff8a78", "#a9b6c4",
             "#93d06b"],
}  # fmt: skip
"""Each at 3:1 or more against its panel, and apart from its neighbours for most colour-blind readers."""
RAMP = {
    "light": ["#eef4ff", "#cfe0ff", "#a3c4ff", "#6e9ff7", "#3f78e3", "#2257bd", "#153c8a"],
    "dark": ["#16233d", "#1c3561", "#234a8c", "#2f64b8", "#4a84de", "#7dabf5", "#bcd6ff"],
}
TOKENS = {
    "light": {"ink": "#1d2126", "muted": "#646a72", "line": "#e5e2dc", "panel": "#ffffff", "on": "#ffffff",
              "deep": "#ffffff", "c1": "#2f6bde"},
    "dark": {"ink": "#eae8e4", "muted": "#9ca2aa", "line": "#2e3238", "panel": "#1c1f23", "on": "#0c1a33",
             "deep": "#0c1a33", "c1": "#6c9cff"},
}  # fmt: skip


def theme(mode: str) -> dict[str, Any]:
    """{config, tokens} of `light` or `dark`."""
    series = {f"c{n}": color for n, color in enumerate(SERIES[mode], 1)}
    return {"config": _config(mode), "tokens": TOKENS[mode] | series}


def _config(mode: str, size: int = 12) -> dict[str, Any]:
    color, series, ramp = TOKENS[mode], SERIES[mode], RAMP[mode]
    ink, muted, line = color["ink"], color["muted"], color["line"]
    label = {"labelColor": muted, "titleColor": muted, "labelFontSize": size, "titleFontSize": size}
    axis = label | {"titleFontWeight": 400, "gridColor": line, "domainColor": line, "tickColor": line,
                    "labelPadding": 6, "labelOverlap": "greedy"}  # fmt: skip
    legend = label | {"labelColor": ink, "orient": "top", "direction": "horizontal", "symbolType": "circle",
                      "symbolSize": 70, "title": None, "labelLimit": 160, "padding": 0, "offset": 8}  # fmt: skip
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "ticks": False, "labelAngle": 0, "labelPadding": 12},
        "axisY": {"domain": False, "ticks": False, "tickCount": 5},
        "axisBand": {"grid": False},
        "legend": legend,
        "range": {"category": series, "ramp": ramp, "heatmap": ramp, "ordinal": ramp},
        "mark": {"color": series[0]},
        "line": {"strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round"},
        "bar": {"cornerRadiusEnd": 3},
        "arc": {"stroke": color["panel"], "strokeWidth": 2},
        "rect": {"stroke": color["panel"], "strokeWidth": 1},
        "text": {"color": ink, "fontSize": size, "font": FONT},
        "scale": {"bandPaddingInner": 0.34, "bandPaddingOuter": 0.2},
    }
