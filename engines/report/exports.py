"""Frames as CSV and XLSX, with labels as people read them and no cell that a spreadsheet would run."""

import csv
import io
from typing import Any

from .frame import Column, Frame

RISKY = ("=", "+", "-", "@", "\t", "\r")


def to_csv(frame: Frame, language: str) -> bytes:
    """UTF-8 with a mark, so that Excel reads the characters; a text that looks like a formula gets a quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(column.name(language)) for column in frame.columns])
    for row in frame.rows:
        writer.writerow([_safe(_cell(c, value, language)) for c, value in zip(frame.columns, row, strict=True)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_xlsx(frame: Frame, language: str, title: str) -> bytes:
    """One sheet; numbers stay numbers, formatted; texts are written as texts, never as formulas."""
    import xlsxwriter  # type: ignore[import-untyped]  # ships no types

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True})
        for n, column in enumerate(frame.columns):
            sheet.write_string(0, n, column.name(language), bold)
            style = book.add_format({"num_format": _number_format(column)})
            for at, row in enumerate(frame.rows, 1):
                _write(sheet, at, n, _cell(column, row[n], language), style)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def _cell(column: Column, value: Any, language: str) -> Any:
    if column.role != "dimension":
        return value
    return value if isinstance(value, int | float) and not column.labels else column.shown(value, language)


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value, style)


def _number_format(column: Column) -> str:
    if column.format == "percent":
        return "0.0%"
    return "#,##0.00" if column.format == "money" else "General"


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "Report"
