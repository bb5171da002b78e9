"""Who acts, and what was before: only where the caller allows them by name."""

from typing import TYPE_CHECKING

from ..nodes import Call, Name
from ..tree import Term
from ..types import BOOLEAN, LINK_PERSON, TEXT, UNKNOWN, Type
from .base import Shape, special

if TYPE_CHECKING:
    from ..check import Checker


@special(
    "CURRENT_USER 当前用户", zh="正在操作的人", en="The person who acts", example="owner = CURRENT_USER()", context=True
)
def current_user(checker: "Checker", node: Call) -> Term:
    checker.counted(node, 0, 0)
    return Term("CURRENT_USER", LINK_PERSON, blank=True)


@special(
    "CURRENT_ROLE 当前角色",
    zh="正在操作的人的（第一个）角色",
    en="The (first) role of the person who acts",
    example='CURRENT_ROLE() = "agent"',
    context=True,
)
def current_role(checker: "Checker", node: Call) -> Term:
    checker.counted(node, 0, 0)
    return Term("CURRENT_ROLE", TEXT, blank=True)


def member(op: str) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 1, 1):
            return Term("const", UNKNOWN)
        asked = checker.want(node.args[0], "text")
        if asked.op != "const":
            return checker.tell("constant", node.args[0])
        return Term(op, BOOLEAN, value=asked.value)

    return shape


special(
    "HAS_ROLE 有角色",
    zh="操作的人有这个角色就成立",
    en="TRUE when the person who acts has the role",
    example='HAS_ROLE("manager")',
    context=True,
)(member("HAS_ROLE"))
special(
    "IN_DEPARTMENT 在部门",
    zh="操作的人在这个部门就成立",
    en="TRUE when the person who acts is in the department",
    example='IN_DEPARTMENT("sales")',
    context=True,
)(member("IN_DEPARTMENT"))


@special("RECORD_ID 记录编号", zh="这条记录的编号", en="The id of this record", example="RECORD_ID()")
def record_id(checker: "Checker", node: Call) -> Term:
    checker.counted(node, 0, 0)
    return Term("field", Type("link", form="*"), value="_id")


def before(op: str) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 1, 1):
            return Term("const", UNKNOWN)
        name = node.args[0]
        if not isinstance(name, Name) or len(name.parts) > 1:
            return checker.tell("needs_name", name, name=op)
        field = checker.term(name)
        kind = BOOLEAN if op == "CHANGED" else field.type
        return Term(op, kind, value=field.value, blank=op == "OLD") if field.type != UNKNOWN else field

    return shape


special("OLD 原值", zh="改动前的值", en="The value before the change", example='OLD(stage) = "new"', context=True)(
    before("OLD")
)
special(
    "CHANGED 已改动",
    zh="这次改了这个字段就成立",
    en="TRUE when this change touched the field",
    example="CHANGED(stage)",
    context=True,
)(before("CHANGED"))
