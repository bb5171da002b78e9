"""Texts: counted in characters as people see code points, compared by case, at most 32,767 long."""

import re
from typing import TYPE_CHECKING

from ..faults import FormulaFault
from ..nodes import Call
from ..rounding import number_text
from ..tree import Term
from ..types import TEXT, UNKNOWN
from .base import function, hidden, special

if TYPE_CHECKING:
    from ..check import Checker

LONGEST = 32_767


def counted(sql: str) -> str:
    """{#b} is the whole number of {b}, small enough for PostgreSQL."""
    return re.sub(r"\{#(\w)\}", r"least(trunc({\1}), 40000)::int", sql)


def short(text: str) -> str:
    if len(text) > LONGEST:
        raise FormulaFault("LIMIT")
    return text


def least(number: float, floor: float) -> int:
    """A count or a place; VALUE below `floor`."""
    if number < floor:
        raise FormulaFault("VALUE")
    return int(min(number, 40_000.0))


def simple(text: str, change: str) -> str:
    """Upper or lower case character by character, as PostgreSQL does it."""
    if text.isascii():
        return getattr(text, change)()  # type: ignore[no-any-return]  # str.upper or str.lower
    changed = (getattr(c, change)() for c in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, changed, strict=True))


hidden("number text", "number", "text", pg="{a}::numeric::text")(number_text)
hidden("boolean text", "any", "text", pg="CASE WHEN {a} THEN 'TRUE' WHEN NOT {a} THEN 'FALSE' END")(
    lambda a: "TRUE" if a else "FALSE"
)

function(
    "LEN 长度", "text", pg="length({a})::float8", zh="有几个字", en="The number of characters", example='LEN("abc")'
)(lambda a: float(len(a)))
function(
    "UPPER 大写",
    "text",
    "text",
    pg='upper({a} COLLATE "pg_c_utf8")',
    zh="变大写",
    en="In capitals",
    example='UPPER("abc")',
)(lambda a: simple(a, "upper"))
function(
    "LOWER 小写",
    "text",
    "text",
    pg='lower({a} COLLATE "pg_c_utf8")',
    zh="变小写",
    en="In small letters",
    example='LOWER("ABC")',
)(lambda a: simple(a, "lower"))
function(
    "TRIM 去空格",
    "text",
    "text",
    pg="regexp_replace(btrim({a}, ' '), ' +', ' ', 'g')",
    zh="去掉两端和多余的空格",
    en="Without spaces at the ends and doubled ones",
    example='TRIM(" a  b ")',
)(lambda a: " ".join(filter(None, a.split(" "))))
function(
    "CLEAN 去控制符",
    "text",
    "text",
    pg="regexp_replace({a}, '[\\x01-\\x1f]', '', 'g')",
    zh="去掉看不见的控制字符",
    en="Without control characters",
    example="CLEAN(remark)",
)(lambda a: re.sub("[\x00-\x1f]", "", a))
function(
    "PROPER 首字母大写",
    "text",
    "text",
    zh="每个单词首字母大写",
    en="Each word with a capital",
    example='PROPER("ada")',
    browser=False,
)(lambda a: re.sub(r"[^\W\d_]+", lambda m: m[0][:1].upper() + m[0][1:].lower(), a))
function(
    "CONTAINS 包含",
    "text, text",
    "boolean",
    pg="strpos({a}, {b}) > 0",
    zh="含有这段文字就成立",
    en="TRUE when the text holds it",
    example='CONTAINS(remark, "VIP")',
)(lambda a, b: b in a)
function(
    "STARTSWITH 开头是",
    "text, text",
    "boolean",
    pg="starts_with({a}, {b})",
    zh="以它开头就成立",
    en="TRUE when it starts so",
    example='STARTSWITH(phone, "138")',
)(lambda a, b: a.startswith(b))
function(
    "ENDSWITH 结尾是",
    "text, text",
    "boolean",
    pg="right({a}, length({b})) = {b}",
    zh="以它结尾就成立",
    en="TRUE when it ends so",
    example='ENDSWITH(email, ".cn")',
)(lambda a, b: a.endswith(b))
function(
    "EXACT 完全相同",
    "text, text",
    "boolean",
    pg="{a} = {b}",
    zh="一字不差才成立",
    en="TRUE when they are the same, case included",
    example='EXACT("a", "A")',
)(lambda a, b: a == b)
function(
    "EQUALS_IGNORE_CASE 不分大小写相同",
    "text, text",
    "boolean",
    pg='lower({a} COLLATE "pg_c_utf8") = lower({b} COLLATE "pg_c_utf8")',
    zh="不分大小写，相同就成立",
    en="TRUE when they are the same but for case",
    example='EQUALS_IGNORE_CASE("a", "A")',
)(lambda a, b: simple(a, "lower") == simple(b, "lower"))


@function(
    "LEFT 左截取",
    "text, number=1",
    "text",
    faults="VALUE",
    pg=counted("CASE WHEN {b} >= 0 THEN left({a}, {#b}) END"),
    zh="左边几个字",
    en="The first characters",
    example='LEFT("abc", 2)',
)
def left(text: str, count: float = 1.0) -> str:
    return text[: least(count, 0)]


@function(
    "RIGHT 右截取",
    "text, number=1",
    "text",
    faults="VALUE",
    pg=counted("CASE WHEN {b} >= 0 THEN right({a}, {#b}) END"),
    zh="右边几个字",
    en="The last characters",
    example='RIGHT("abc", 2)',
)
def right(text: str, count: float = 1.0) -> str:
    kept = least(count, 0)
    return text[-kept:] if kept else ""


@function(
    "MID 截取",
    "text, number, number",
    "text",
    faults="VALUE",
    pg=counted("CASE WHEN {b} >= 1 AND {c} >= 0 THEN substr({a}, {#b}, {#c}) END"),
    zh="从第几个字起取几个字",
    en="Some characters from a place on",
    example='MID("abc", 2, 1)',
)
def mid(text: str, start: float, count: float) -> str:
    first = least(start, 1) - 1
    return text[first : first + least(count, 0)]


@function(
    "REPLACE 按位置替换",
    "text, number, number, text",
    "text",
    faults="VALUE",
    pg=counted("CASE WHEN {b} >= 1 AND {c} >= 0 THEN left({a}, {#b} - 1) || {d} || substr({a}, {#b} + {#c}) END"),
    zh="把第几个字起的几个字换掉",
    en="With some characters replaced by place",
    example='REPLACE(phone, 4, 4, "****")',
)
def replace(text: str, start: float, count: float, new: str) -> str:
    first = least(start, 1) - 1
    return short(text[:first] + new + text[first + least(count, 0) :])


@function(
    "SUBSTITUTE 替换",
    "text, text, text",
    "text",
    pg="replace({a}, {b}, {c})",
    zh="把一段文字全换成另一段",
    en="With every occurrence replaced",
    example='SUBSTITUTE("a-b", "-", "")',
)
def substitute(text: str, old: str, new: str) -> str:
    if not old:
        return text
    if len(text) + text.count(old) * (len(new) - len(old)) > LONGEST:
        raise FormulaFault("LIMIT")
    return text.replace(old, new)


@function(
    "REPT 重复",
    "text, number",
    "text",
    faults="VALUE LIMIT",
    pg=counted("CASE WHEN {b} >= 0 AND length({a}) * {#b}::bigint <= 32767 THEN repeat({a}, {#b}) END"),
    zh="重复几遍",
    en="Repeated some times",
    example='REPT("*", 3)',
)
def rept(text: str, count: float) -> str:
    times = least(count, 0)
    if len(text) * times > LONGEST:
        raise FormulaFault("LIMIT")
    return text * times


FIND = (
    "CASE WHEN {c} >= 1 AND {c} <= length({b}) + 1 THEN nullif(strpos(substr({b}, {#c}), {a}), 0) + trunc({c}) - 1 END"
)


@function(
    "FIND 查找",
    "text, text, number=1",
    faults="VALUE",
    pg=counted(FIND),
    zh="在第几个字，分大小写",
    en="At which character, by case",
    example='FIND("b", "abc")',
)
def find(needle: str, text: str, start: float = 1.0) -> float:
    first = least(start, 1) - 1
    at = text.find(needle, first) if first <= len(text) else -1
    if at < 0:
        raise FormulaFault("VALUE")
    return float(at + 1)


def folded(sql: str) -> str:
    return sql.replace("{a}", 'lower({a} COLLATE "pg_c_utf8")').replace(
        "substr({b}", 'substr(lower({b} COLLATE "pg_c_utf8")'
    )


@function(
    "SEARCH 搜索",
    "text, text, number=1",
    faults="VALUE",
    pg=counted(folded(FIND)),
    zh="在第几个字，不分大小写",
    en="At which character, whatever the case",
    example='SEARCH("B", "abc")',
)
def search(needle: str, text: str, start: float = 1.0) -> float:
    return find(simple(needle, "lower"), simple(text, "lower"), start)


@function(
    "UNICHAR 字符",
    "number",
    "text",
    faults="VALUE",
    pg="CASE WHEN {a} >= 1 AND {a} < 1114112 AND NOT ({a} >= 55296 AND {a} < 57344) THEN chr(trunc({a})::int) END",
    zh="编码对应的字",
    en="The character of a code",
    example="UNICHAR(65)",
)
def unichar(code: float) -> str:
    if not 1 <= code < 0x110000 or 0xD800 <= code < 0xE000:
        raise FormulaFault("VALUE")
    return chr(int(code))


@function(
    "UNICODE 编码",
    "text",
    faults="VALUE",
    pg="nullif(ascii({a}), 0)::float8",
    zh="第一个字的编码",
    en="The code of the first character",
    example='UNICODE("A")',
)
def unicode(text: str) -> float:
    if not text:
        raise FormulaFault("VALUE")
    return float(ord(text[0]))


@function(
    "TEXTJOIN 用符号连接",
    "text, boolean, text*",
    "text",
    zh="用符号把几段文字连起来",
    en="Texts joined with a sign between",
    example='TEXTJOIN("-", TRUE, a, b)',
)
def textjoin(between: str, skip: bool, *texts: str) -> str:
    return short(between.join(text for text in texts if text or not skip))


def joined(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, None):
        return Term("const", UNKNOWN)
    return Term("&", TEXT, tuple(checker.want(arg, "text") for arg in node.args))


special("CONCAT CONCATENATE 连接", zh="把几段文字连起来", en="Texts joined", example='CONCAT(name, "：", phone)')(
    joined
)
