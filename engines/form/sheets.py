"""Spreadsheets in: a guard that looks before any parser does, and a reader that gives rows of plain cells."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engines.core.kernel.errors import AppError

UNPACKED, PART, PARTS, HEAD = 256 << 20, 192 << 20, 2000, 4096
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 1_000_000, 500, 32_767
ENCODINGS = ("utf-8-sig", "gb18030")

Cell = Any
"""str, int, float, bool, datetime.date, datetime.datetime, or "" when blank."""


class BadSheet(AppError):
    """A file that is no spreadsheet we read; `why` says what is wrong with it."""

    code = "bad_sheet"
    words = {"zh": "这个文件读不了：{why_zh}", "en": "This file cannot be read: {why_en}"}


def refuse(zh: str, en: str) -> BadSheet:
    return BadSheet(why_zh=zh, why_en=en)


def guard(path: Path) -> None:
    """BadSheet unless the workbook's directory is sound: true sizes, part names, no document types. Reads headers
    only, so that a bomb costs nothing."""
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
            _sizes(parts)
            for part in parts:
                _part(book, part)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as broken:
        raise refuse(
            "文件已损坏，用 Excel 打开另存一次再传", "the file is damaged; open it in Excel, save it again"
        ) from broken


def _sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > PARTS:
        raise refuse("里面的部件太多，只留要导入的工作表", "it has too many parts; keep only the sheet to import")
    if sum(part.file_size for part in parts) > UNPACKED or any(part.file_size > PART for part in parts):
        raise refuse(
            "解开后超过 256 MB，拆成几个文件再传", "it unpacks to more than 256 MB; split it into several files"
        )


def _part(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
        raise refuse("部件名称不对，可能不是 Excel 存的", "a part has a strange name; Excel did not write this file")
    if part.filename.endswith((".xml", ".rels")):
        with book.open(part) as opened:
            head = opened.read(HEAD)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise refuse("里面有不该有的定义，不读", "it carries definitions that a spreadsheet never has")


def read(path: Path, name: str) -> Iterator[list[Cell]]:
    """The rows of the first sheet, the header first; `name` is the uploaded file's, only for its ending."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending in ("xlsx", "xlsm"):
        yield from _workbook(path)
    elif ending in ("csv", "tsv", "txt"):
        yield from _text(path, "\t" if ending == "tsv" else "")
    else:
        raise refuse("只读 .xlsx 和 .csv 文件", "only .xlsx and .csv files are read")


def _workbook(path: Path) -> Iterator[list[Cell]]:
    guard(path)
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).iter_rows()
    except (python_calamine.CalamineError, OSError) as broken:
        raise refuse("不是 Excel 工作簿", "this is not an Excel workbook") from broken
    for number, row in enumerate(rows):
        yield _checked(number, [_cell(cell) for cell in row])


def _cell(cell: Any) -> Cell:
    """Whole numbers lose the point that Excel gives every number."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime.timedelta):
        return str(cell)
    return cell


def _text(path: Path, delimiter: str) -> Iterator[list[Cell]]:
    data = path.read_bytes()
    if b"\0" in data[:HEAD]:
        raise refuse("这不是文本文件", "this is not a text file")
    text = _decoded(data)
    sample = text[:HEAD]
    mark = delimiter or max(",;\t|", key=lambda one: sample.split("\n", 1)[0].count(one))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for number, row in enumerate(reader):
            yield _checked(number, list(row))
    except csv.Error as broken:
        raise refuse(
            f"第 {reader.line_num} 行的引号不成对", f"a quote is left open in line {reader.line_num}"
        ) from broken


def _decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("文字编码不认识，存成 UTF-8 再传", "the text encoding is unknown; save it as UTF-8")


def _checked(number: int, row: list[Cell]) -> list[Cell]:
    if number > MOST_ROWS:
        raise refuse(
            f"超过 {MOST_ROWS} 行，拆成几个文件再传", f"more than {MOST_ROWS} rows; split it into several files"
        )
    if len(row) > MOST_COLUMNS:
        raise refuse(f"超过 {MOST_COLUMNS} 列", f"more than {MOST_COLUMNS} columns")
    return [cell[:MOST_CELL] if isinstance(cell, str) else cell for cell in row]
