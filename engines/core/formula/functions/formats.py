"""Numbers and dates written as text, and read back."""

import re

from ..faults import FormulaFault
from ..rounding import number_text, round15
from .base import function


@function(
    "VALUE 转数字",
    "text",
    zh="把文字读成数字",
    en="The number that a text says",
    example='VALUE("12.5")',
    faults="VALUE",
)
def value(text: str) -> float:
    if not re.fullmatch(r"\s*[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d{1,3})?\s*%?\s*", text) or not re.search(
        r"\d", text
    ):
        raise FormulaFault("VALUE")
    plain = text.replace(",", "").strip()
    try:
        made = float(plain.rstrip("% ")) / (100 if plain.endswith("%") else 1)
    except ValueError:  # digits in the exponent alone
        raise FormulaFault("VALUE") from None
    if made - made != 0:
        raise FormulaFault("NUM")
    return made


DIGITS, PLACES = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


@function(
    "RMB_UPPER 大写金额",
    "number",
    "text",
    faults="NUM",
    zh="金额的中文大写",
    en="An amount in Chinese capital numerals",
    example="RMB_UPPER(1234.5)",
)
def rmb_upper(amount: float) -> str:
    cents = round(abs(round15(amount, 2)) * 100)
    if cents >= 10**14:
        raise FormulaFault("NUM")
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    small = (DIGITS[jiao] + "角" if jiao else "零" if fen and yuan else "") + (DIGITS[fen] + "分" if fen else "")
    sign = "负" if amount < 0 and cents else ""
    return sign + (capitals(yuan) + "元" if yuan or not cents else "") + (small if fen else small + "整")


def capitals(number: int) -> str:
    """A whole number below 10**12 in capital numerals, zeros between told once."""
    text = ""
    for unit in ("", "万", "亿"):
        number, part = divmod(number, 10_000)
        group = "".join(DIGITS[int(c)] + (PLACES[3 - i] if c != "0" else "") for i, c in enumerate(f"{part:04}"))
        text = (group + unit if part else "零") + text
    return re.sub("零+", "零", text).strip("零").replace("零万", "万").replace("零亿", "亿") or "零"


@function(
    "TEXT 格式化",
    "shown, text",
    "text",
    faults="VALUE",
    zh="按格式写成文字，如 0.00、#,##0、yyyy-mm-dd",
    en="Written in a format such as 0.00, #,##0 or yyyy-mm-dd",
    example='TEXT(amount, "0.00")',
)
def text_(value: object, form: str) -> str:
    if isinstance(value, str):
        return dated(value, form)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaFault("VALUE")
    return numeric(float(value), form)


def numeric(x: float, form: str) -> str:
    """The first number pattern of the format is filled in; the words around it stay."""
    found = re.search(r"[#0][#0,]*(?:\.0*)?%?", form)
    if not found:
        return number_text(x) if form in ("", "@") else form
    pattern = found[0]
    places = len(pattern.rstrip("%").partition(".")[2])
    rounded = round15(x * 100 if pattern.endswith("%") else x, places)
    digits = f"{abs(rounded):{',' if ',' in pattern else ''}.{places}f}"
    width = len(re.sub("[^0]", "", pattern.partition(".")[0]))
    body = digits.rjust(len(digits) + width - len(digits.partition(".")[0]), "0")
    shown = ("-" if rounded < 0 else "") + body + ("%" if pattern.endswith("%") else "")
    return form[: found.start()] + shown + form[found.end() :]


def dated(value: str, form: str) -> str:
    """A date, or a date with time, as ISO text; m after h is minutes."""
    year, month, day, hour, minute, second = (*re.split("[-T :]", value), "00", "00", "00")[:6]
    if not all(re.fullmatch("[0-9]+", part) for part in (month, day, hour)):
        raise FormulaFault("VALUE")
    made = re.sub(r"(?i)(h{1,2}\W?)m{1,2}", lambda m: m[1] + minute, form)
    parts = {
        "yyyy": year,
        "yy": year[2:],
        "mm": month,
        "m": str(int(month)),
        "dd": day,
        "d": str(int(day)),
        "hh": hour,
        "h": str(int(hour)),
        "ss": second,
    }
    return re.sub(r"(?i)yyyy|yy|mm|m|dd|d|hh|h|ss", lambda m: parts[m[0].lower()], made)
