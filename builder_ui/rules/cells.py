"""What people type or paste into the cells of a decision table, as the table writes it."""

import re
from datetime import date
from typing import Any

from engines.core.formula.check import check
from engines.core.formula.names import FieldRef, Names, PlainNames
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import BOOLEAN, NUMBER, Type
from engines.core.kernel.kind import Definition
from engines.rule.tables import ANY, cell_test

SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "≠": "<>", "＞": ">", "＜": "<", "＝": "=", "，": ",", "“": '"', "”": '"'})
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
DAY = re.compile(r"(?<![\d\"])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d\"])")
YES_NO = {"是": "TRUE", "否": "FALSE", "yes": "TRUE", "no": "FALSE", "true": "TRUE", "false": "FALSE"}
MOST_PASTED = 1000
X = "x"


def kind_of(formula: str, names: Names) -> Type | None:
    """What a column holds; None when its formula cannot be read."""
    try:
        found = check(formula, names).type
    except FormulaError:
        return None
    return NUMBER if found.kind in ("number", "duration") else found


def readable(cell: str, kind: Type) -> bool:
    """Is the text a test of such a column?"""
    try:
        test = cell_test(X, cell)
        check(test or "TRUE", PlainNames({X: FieldRef(X, kind)}), wants=BOOLEAN)
    except FormulaError:
        return False
    return True


def tidy(text: str, kind: Type | None, *, copied: bool = False) -> str:
    """A cell as it is kept: signs of any keyboard, labels of options, dates and amounts as spreadsheets show them. What
    cannot be read stays as it was typed, for the problem to name it. `copied` from a spreadsheet, 1,200 is one number;
    typed, it is two."""
    text = text.strip()[:500]
    if kind is None or text in ANY:
        return text
    plain = text.translate(SIGNS)
    tries = [plain, YES_NO.get(plain.lower(), plain), dated(plain), amount(plain), named(plain, kind)]
    if kind == NUMBER and (copied or plain[:1] in "<>="):
        tries.insert(0, amount(plain))
    return next((one for one in tries if readable(one, kind)), text)


def amount(text: str) -> str:
    """Without the sign of a currency and the commas of thousands."""
    return THOUSANDS.sub(lambda found: found[0].replace(",", ""), re.sub(r"[¥￥$€£]\s*", "", text))


def dated(text: str) -> str:
    """Days in quotes, as formulas have them."""

    def quoted(found: re.Match[str]) -> str:
        try:
            return f'"{date(int(found[1]), int(found[2]), int(found[3])).isoformat()}"'
        except ValueError:
            return found[0]

    return DAY.sub(quoted, text)


def named(text: str, kind: Type) -> str:
    """Bare words in quotes, options by their id."""
    sign, words = re.fullmatch(r"(?s)(<=|>=|<>|!=|<|>|=)?\s*(.*)", text).groups()  # type: ignore[union-attr]  # fits any
    parts = [part.strip().strip('"') for part in words.split(",")]
    ids = [(kind.option(part) or part) if kind.kind == "choice" else part for part in parts]
    return (f"{sign} " if sign else "") + ", ".join('"' + one.replace('"', '""') + '"' for one in ids)


def outcome(text: str, field: Definition) -> Any:
    """What a row gives: an option by any of its labels, a number where one is meant; else the text itself."""
    text = text.strip()
    for option in field.get("options", ()):
        if text == option["id"] or text in option["label"].values():
            return option["id"]
    if field.get("type") in ("number", "money", "percent", "rating"):
        try:
            value = float(amount(text))
        except ValueError:
            return text or None
        return int(value) if value.is_integer() else value
    return text or None


def pasted(table: Definition, field: Definition, kinds: list[Type | None], at: tuple[int, int], text: str) -> list[Any]:
    """The rows of a table with a block of a spreadsheet laid over them from a cell on; rows are added below."""
    rows = [dict(row) for row in table["rows"]]
    columns = len(table["inputs"])
    block = [line.split("\t") for line in text.replace("\r\n", "\n").rstrip("\n").split("\n")][:MOST_PASTED]
    for down, cells in enumerate(block):
        if at[0] + down >= len(rows):
            rows.append({"when": [""] * columns, "then": outcome("", field) or first_option(field)})
        row = rows[at[0] + down]
        row["when"] = list(row["when"])
        for right, cell in enumerate(cells):
            place = at[1] + right
            if place < columns:
                row["when"][place] = tidy(cell, kinds[place], copied=True)
            elif place == columns:
                row["then"] = outcome(cell, field)
    return rows[:MOST_PASTED]


def first_option(field: Definition) -> Any:
    """What a new row gives until somebody says otherwise."""
    return (field.get("options") or [{"id": ""}])[0]["id"]
