"""A form from a spreadsheet: what type each column is, from its heading and what stands below it."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engines.core.fields.values import parse_one
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition, Label

from .imports import raw_of
from .sheets import Cell

LOOKED_AT = 500
MOST_COLUMNS = 100
MOST_OPTIONS, OFTEN = 12, 3
"""A column is a choice when it says few different things, each of them often."""
MOST_LISTED = 200
LONG = 80
MONEY = re.compile(
    r"金额|价格|单价|总价|费用|收入|成本|工资|余额|[¥￥$€]|amount|price|cost|fee|salary|revenue", re.IGNORECASE
)
TYPES = ("text", "long_text", "number", "money", "percent", "select", "tags", "date", "datetime", "phone", "email",
         "link", "checkbox")  # fmt: skip
"""What a column may become."""
LISTS = re.compile("[,，、;；|]")
WIDE = ("long_text", "tags")


@dataclass(frozen=True)
class Column:
    """A column of a sheet, counted from 0: its heading, what stands below it, and the field it would become."""

    number: int
    heading: str
    cells: list[Cell]
    field: Definition


def columns(header: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, language: str = "zh") -> list[Column]:
    """Each column that has a heading or anything below it, in their order; `rows` without the header."""
    found: list[Column] = []
    taken: set[str] = set()
    width = min(max([len(header), *(len(row) for row in rows[:LOOKED_AT])], default=0), MOST_COLUMNS)
    for n in range(width):
        heading = str(header[n] if n < len(header) else "").strip()
        cells = [row[n] for row in rows[:LOOKED_AT] if n < len(row) and row[n] not in ("", None)]
        if heading or cells:
            name = free(slug(heading), taken)
            taken.add(name)
            kind = next((kind for kind, fits in KINDS.items() if cells and fits(heading, cells)), "text")
            label = {language: (heading or f"{n + 1}")[:80]}
            found.append(Column(n, heading, cells, shaped(name, kind, label, cells, language)))
    return found


def guess(header: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, language: str = "zh") -> list[Definition]:
    """Only the fields."""
    return [one.field for one in columns(header, rows, language=language)]


def shaped(name: str, kind: str, label: Label, cells: list[Cell], language: str) -> Definition:
    """A field of a type; choices get their options from the cells."""
    made: Definition = {"id": name, "type": kind, "label": label, "width": 12 if kind in WIDE else 6}
    if kind in ("select", "tags"):
        blank = [{"id": "one", "label": {"zh": "选项一", "en": "Option 1"}}]
        made["options"] = _options(cells, kind, language)[:MOST_LISTED] or blank
    return made


def title_of(fields: Sequence[Definition]) -> str:
    """The field that a record is best called by: the first text, else the first of all."""
    texts = [f["id"] for f in fields if f["type"] == "text"]
    return str((texts or [f["id"] for f in fields])[0])


def slug(heading: str) -> str:
    """An id of the Latin letters of a heading, `field` when it has none."""
    found = re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")[:19].strip("_")
    return found if found[:1].isalpha() else "field"


def free(name: str, taken: set[str]) -> str:
    names = (name, *(f"{name}_{n}" for n in range(2, 10_000)))
    return next(one for one in names if one not in taken)


def _options(cells: list[Cell], kind: str, language: str) -> list[Definition]:
    texts = [one for cell in cells for one in (_parts(cell) if kind == "tags" else [str(cell).strip()])]
    found: dict[str, Definition] = {}
    for n, text in enumerate(dict.fromkeys(text[:80] for text in texts if text), 1):
        base = slug(text)
        name = free(base if base != "field" else f"option_{n}", set(found))
        found[name] = {"id": name, "label": {language: text}}
    return list(found.values())


def _parts(cell: Cell) -> list[str]:
    return [part.strip() for part in LISTS.split(str(cell)) if part.strip()]


def _parses(kind: str) -> Callable[[list[Cell]], bool]:
    field = {"id": "x", "type": kind, "label": {}, "zone": "Asia/Shanghai"}

    def fits(cells: list[Cell]) -> bool:
        try:
            return all(parse_one(field, raw_of(cell, field)) is not None for cell in cells)
        except Rejected:
            return False

    return fits


def _yes_or_no(heading: str, cells: list[Cell]) -> bool:
    words = {str(cell).strip().lower() for cell in cells}
    return len(words) <= 2 and not any(word.isdigit() for word in words) and _parses("checkbox")(cells)


def _day(heading: str, cells: list[Cell]) -> bool:
    return _dated(cells) and not _has_time(cells) and _parses("date")(cells)


def _moment(heading: str, cells: list[Cell]) -> bool:
    return _dated(cells) and _parses("datetime")(cells)


def _dated(cells: list[Cell]) -> bool:
    """Days as a spreadsheet keeps them, or texts with the marks of a date."""
    return all(isinstance(cell, datetime.date) or re.search(r"\d[-/.年]\d", str(cell)) for cell in cells)


def _has_time(cells: list[Cell]) -> bool:
    return any(isinstance(cell, datetime.datetime) and cell.time() != datetime.time() for cell in cells)


def _phone(heading: str, cells: list[Cell]) -> bool:
    """Numbers of eleven digits, or whatever is called a telephone and can be called."""
    plain = all(re.fullmatch(r"1\d{10}", str(cell)) for cell in cells)
    called = re.search(r"手机|电话|联系方式|phone|mobile|\btel", heading, re.IGNORECASE)
    return bool(plain or called) and _parses("phone")(cells)


def _share(heading: str, cells: list[Cell]) -> bool:
    return all(isinstance(cell, str) and cell.strip().endswith("%") for cell in cells) and _parses("percent")(cells)


def _money(heading: str, cells: list[Cell]) -> bool:
    signed = all(isinstance(cell, str) and MONEY.search(cell) for cell in cells)
    return bool(signed or MONEY.search(heading)) and _parses("money")(cells)


def _number(heading: str, cells: list[Cell]) -> bool:
    """Not what begins with a nought: that is a code."""
    coded = any(isinstance(cell, str) and re.match(r"0\d", cell.strip()) for cell in cells)
    return not coded and _parses("number")(cells)


def _tags(heading: str, cells: list[Cell]) -> bool:
    several = [cell for cell in cells if len(_parts(cell)) > 1]
    words = [word for cell in cells for word in _parts(cell)]
    short = all(len(word) <= 12 for word in words)
    return short and len(several) * 4 >= len(cells) and len(set(words)) * OFTEN <= len(words)


def _choice(heading: str, cells: list[Cell]) -> bool:
    words = {str(cell).strip() for cell in cells}
    few = len(words) <= MOST_OPTIONS and len(words) * OFTEN <= len(cells)
    return few and all(len(word) <= 30 for word in words)


def _paragraphs(heading: str, cells: list[Cell]) -> bool:
    return any("\n" in str(cell) or len(str(cell)) > LONG for cell in cells)


KINDS: dict[str, Callable[[str, list[Cell]], bool]] = {
    "checkbox": _yes_or_no,
    "phone": _phone,
    "date": _day,
    "datetime": _moment,
    "email": lambda _, cells: _parses("email")(cells),
    "link": lambda _, cells: _parses("link")(cells),
    "percent": _share,
    "money": _money,
    "number": _number,
    "tags": _tags,
    "select": _choice,
    "long_text": _paragraphs,
}
"""Asked in this order; what none of them fits is text."""
