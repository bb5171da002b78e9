"""Numbers as a reader of charts wants them: short on axes and cards, whole in tables and hints."""

from typing import Any

SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
UNITS = {
    "zh": ((100_000_000, "亿"), (10_000, "万")),
    "en": ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")),
}
BLANK = "–"


def full(value: Any, style: str = "number", *, currency: str = "", decimals: int | None = None) -> str:
    """Every digit that counts: `¥12,345.60`, `4.2%`, `1,234`."""
    if value is None:
        return BLANK
    if isinstance(value, str):
        return value
    if style == "percent":
        return f"{value * 100:,.{1 if decimals is None else decimals}f}%"
    if style == "money":
        return _signed(f"{abs(value):,.{2 if decimals is None else decimals}f}", value, currency)
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def short(value: Any, language: str, style: str = "number", *, currency: str = "", decimals: int | None = None) -> str:
    """In the reader's own units: `¥386.2万` or `¥3.9M`, `8,614`."""
    if value is None or isinstance(value, str) or style == "percent":
        return full(value, style, decimals=decimals)
    for size, unit in UNITS[language]:
        if abs(value) >= size and ((language == "en" and size > 1_000) or abs(value) >= 10_000):
            number = f"{abs(value) / size:,.1f}".removesuffix(".0") + unit
            return _signed(number, value, currency if style == "money" else None)
    if style == "money":
        return _signed(f"{abs(value):,.0f}" if abs(value) >= 1000 else f"{abs(value):,.2f}", value, currency)
    return full(value, style)


def axis(language: str, style: str = "number", *, currency: str = "") -> str:
    """A Vega expression that writes a tick: d3's formats have no 万."""
    if style == "percent":
        return "format(datum.value, '.0%')"
    text = "format(datum.value, ',~f')"
    for size, unit in reversed(UNITS[language]):
        text = f"abs(datum.value) >= {size} ? format(datum.value / {size}, ',.1~f') + '{unit}' : {text}"
    return f"'{SIGNS.get(currency, '')}' + ({text})" if style == "money" and SIGNS.get(currency) else text


def growth(value: Any, style: str = "number", before: Any = None, now: Any = None) -> str:
    """`12.4%`; of a share the points: `0.6 pt`."""
    if style == "percent" and before is not None and now is not None:
        return f"{abs(now - before) * 100:.1f} pt"
    return BLANK if value is None else f"{abs(value) * 100:.1f}%"


def _signed(text: str, value: Any, currency: str | None) -> str:
    sign = "" if currency is None else SIGNS.get(currency or "CNY", f"{currency} ")
    return ("-" if value < 0 else "") + sign + text
