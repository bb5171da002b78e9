"""Fields that hold files: which files they take, and their ids as link rows."""

from typing import Any

from sqlalchemy import BigInteger, Column
from sqlalchemy.types import TypeEngine

from engines.core.formula.types import FILE, Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition, Label

from .base import FieldType
from .links import MULTIPLE, ids_schema, many_ids, split

MEGABYTE = 1_000_000
MOST = 50
_ONE = r"(?:\.[A-Za-z0-9]+|[a-z]+/(?:\*|[a-z0-9.+-]+))"
CONFIG: list[Definition] = [
    MULTIPLE,
    {
        "id": "accept",
        "type": "text",
        "label": {"zh": "接受的文件", "en": "Accepted files"},
        "help": {"zh": "扩展名或类型，用逗号隔开：.pdf, image/*", "en": "Endings or types with commas: .pdf, image/*"},
        "max_length": 500,
        "pattern": rf"{_ONE}(?:\s*,\s*{_ONE})*",
        "message": {"zh": "写成 .pdf, image/* 这样", "en": "Write it like .pdf, image/*"},
    },
    {"id": "max_size", "type": "number", "label": {"zh": "单个最大 MB", "en": "Largest, MB"}, "min": 1, "max": 2000},
]
REASONS: dict[str, Label] = {
    "not_an_id": {"zh": "没有收到文件，重新上传一次", "en": "No file arrived: upload it again"},
    "too_many": {"zh": "最多 {most} 个文件，多了 {over} 个", "en": "At most {most} files, {over} too many"},
    "too_big": {
        "zh": "文件 {size} MB，最大 {most} MB，压缩后再传",
        "en": "The file has {size} MB, at most {most} MB: make it smaller and upload it again",
    },
    "wrong_kind": {"zh": "这里收 {accept}，不收 {given}", "en": "Takes {accept}, not {given}"},
}


def check_file(field: Definition, *, name: str, media_type: str, size: int) -> None:
    """Rejected when a file just uploaded is not for this field; `size` in bytes, `media_type` as sniffed."""
    most = float(field.get("max_size", 50))
    if size > most * MEGABYTE:
        raise Rejected("too_big", size=round(size / MEGABYTE, 1), most=most)
    accept = str(field.get("accept", ""))
    wanted = [each.strip().lower() for each in accept.split(",") if each.strip()]
    if wanted and not any(_fits(each, name.lower(), media_type.lower()) for each in wanted):
        raise Rejected("wrong_kind", accept=accept, given=media_type)


def _fits(wanted: str, name: str, media_type: str) -> bool:
    if wanted.startswith("."):
        return name.endswith(wanted)
    return media_type.startswith(wanted[:-1]) if wanted.endswith("/*") else media_type == wanted


class Attached(FieldType):
    """Ids of uploaded files, ascending, which is the order of upload."""

    group = "advanced"
    config = CONFIG
    reasons = REASONS
    examples = [
        ({}, 7, (7,)),
        ({}, ["7"], (7,)),
        ({"multiple": True, "max_size": 20}, [9, "7", 9], (7, 9)),
    ]
    rejects = [({}, "a.png", "not_an_id"), ({}, [7, 9], "too_many"), ({}, {"path": "/etc/passwd"}, "not_an_id")]

    def parse(self, raw: Any, field: Definition) -> tuple[int, ...]:
        return many_ids(raw, _most(field))

    def plain(self, stored: Any, field: Definition) -> Any:
        return list(stored or ())

    def columns(self, field: Definition) -> list[Column[Any]]:
        return []

    def links(self, field: Definition) -> TypeEngine[Any] | None:
        return BigInteger()

    def value_type(self, field: Definition) -> Type:
        return Type("list", item=FILE)

    def schema(self, field: Definition) -> Definition:
        return ids_schema(_most(field))

    def from_text(self, text: str, field: Definition) -> Any:
        return split(text)

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        return "、".join(str(each) for each in stored or ())


def _most(field: Definition) -> int:
    return MOST if field.get("multiple") else 1
