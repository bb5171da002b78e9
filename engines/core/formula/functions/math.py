"""Numbers: rounding on 15 digits, division and powers."""

import math

from ..faults import FormulaFault
from ..rounding import ceil15, digits15, finite, floor15, round15, round_down15, round_up15, trunc15
from .base import function, hidden

ROOM = 700.0
"""exp(±700) is about the range of a double."""


def divided(a: float, b: float) -> float:
    if b == 0:
        raise FormulaFault("DIV0")
    return a / b


function("ABS 绝对值", "number", pg="abs({a})", zh="去掉正负号", en="Without its sign", example="ABS(-3)")(
    lambda a: abs(a)
)
function(
    "INT 取整",
    "number",
    pg="floor({a}::numeric)::float8",
    zh="向下取整",
    en="Down to a whole number",
    example="INT(-2.5)",
    group="math",
)(floor15)
function(
    "TRUNC 截尾",
    "number, number=0",
    pg="trunc({a}::numeric, least(greatest({b}, -300), 300)::int)::float8",
    zh="截掉后面的小数",
    en="Cut off after some decimals",
    example="TRUNC(3.14159, 2)",
    group="math",
)(round_down15)
function(
    "ROUND 四舍五入",
    "number, number=0",
    pg="round({a}::numeric, trunc(least(greatest({b}, -300), 300))::int)::float8",
    zh="四舍五入到几位小数",
    en="To some decimals, half away from zero",
    example="ROUND(1.005, 2)",
    group="math",
)(round15)
function(
    "ROUNDDOWN 向下舍入",
    "number, number=0",
    pg="trunc({a}::numeric, trunc(least(greatest({b}, -300), 300))::int)::float8",
    zh="朝零舍入",
    en="Toward zero",
    example="ROUNDDOWN(2.57, 1)",
    group="math",
)(round_down15)
function(
    "ROUNDUP 向上舍入",
    "number, number=0",
    pg="(CASE WHEN trunc({a}::numeric, trunc(least(greatest({b}, -300), 300))::int) = {a}::numeric THEN {a}::numeric"
    " ELSE trunc({a}::numeric, trunc(least(greatest({b}, -300), 300))::int)"
    " + sign({a})::numeric * power(10::numeric, -trunc(least(greatest({b}, -300), 300))::numeric) END)::float8",
    zh="离零舍入",
    en="Away from zero",
    example="ROUNDUP(2.51, 1)",
    group="math",
)(round_up15)
function("SIGN 正负", "number", pg="sign({a})", zh="正数 1，负数 -1，零 0", en="1, -1 or 0", example="SIGN(-5)")(
    lambda a: float((a > 0) - (a < 0))
)


@function(
    "MOD 余数",
    "number, number",
    pg="{a} - {b} * floor({a} / nullif({b}, 0))",
    faults="DIV0",
    zh="除法的余数，符号随除数",
    en="The remainder, with the sign of the divisor",
    example="MOD(-7, 2)",
)
def mod(a: float, b: float) -> float:
    return a - b * math.floor(finite(divided(a, b)))


@function(
    "QUOTIENT 整除",
    "number, number",
    pg="trunc(({a} / nullif({b}, 0))::numeric)::float8",
    faults="DIV0",
    zh="除法的整数部分",
    en="The whole part of a division",
    example="QUOTIENT(10, 3)",
)
def quotient(a: float, b: float) -> float:
    return trunc15(finite(divided(a, b)))


@function(
    "CEILING 进位到",
    "number, number=1",
    pg="CASE WHEN {b} = 0 THEN 0 ELSE ceil(({a} / abs(nullif({b}, 0)))::numeric)::float8 * abs({b}) END",
    zh="向上到倍数",
    en="Up to a multiple",
    example="CEILING(2.1, 0.5)",
)
def ceiling(a: float, step: float = 1.0) -> float:
    return ceil15(finite(a / abs(step))) * abs(step) + 0.0 if step else 0.0


@function(
    "FLOOR 退位到",
    "number, number=1",
    pg="CASE WHEN {b} = 0 THEN 0 ELSE floor(({a} / abs(nullif({b}, 0)))::numeric)::float8 * abs({b}) END",
    zh="向下到倍数",
    en="Down to a multiple",
    example="FLOOR(7, 5)",
)
def floor(a: float, step: float = 1.0) -> float:
    return floor15(finite(a / abs(step))) * abs(step) + 0.0 if step else 0.0


EVEN_SQL = "sign({a}) * ceil((abs({a}) / 2)::numeric)::float8 * 2"
ODD_SQL = "CASE WHEN {a} < 0 THEN -1 ELSE 1 END * (ceil(greatest((abs({a}) - 1) / 2, 0)::numeric)::float8 * 2 + 1)"
function("EVEN 偶数", "number", pg=EVEN_SQL, zh="离零到偶数", en="Away from zero to an even number", example="EVEN(3)")(
    lambda a: math.copysign(ceil15(abs(a) / 2) * 2, a) + 0.0
)
function("ODD 奇数", "number", pg=ODD_SQL, zh="离零到奇数", en="Away from zero to an odd number", example="ODD(2)")(
    lambda a: math.copysign(ceil15(max((abs(a) - 1) / 2, 0)) * 2 + 1, a if a < 0 else 1)
)


@function(
    "POWER 乘方",
    "number, number",
    faults="NUM",
    pg="CASE WHEN {a} = 0 THEN CASE WHEN {b} > 0 THEN 0 WHEN {b} = 0 THEN 1 END"
    " WHEN {a} < 0 AND {b} <> floor({b}) THEN NULL"
    " WHEN {b} * ln(abs({a})) > 700 THEN NULL WHEN {b} * ln(abs({a})) < -700 THEN 0 ELSE power({a}, {b}) END",
    zh="几次方",
    en="To the power of",
    example="POWER(2, 8)",
)
def power(a: float, b: float) -> float:
    if a == 0:
        if b < 0:
            raise FormulaFault("NUM")
        return float(b == 0)
    weight = b * math.log(abs(a))
    if weight > ROOM or (a < 0 and b != math.floor(b)):
        raise FormulaFault("NUM")
    return 0.0 if weight < -ROOM else float(a**b)


@function(
    "SQRT 平方根",
    "number",
    pg="CASE WHEN {a} >= 0 THEN sqrt({a}) END",
    faults="NUM",
    zh="平方根",
    en="The square root",
    example="SQRT(2)",
)
def sqrt(a: float) -> float:
    if a < 0:
        raise FormulaFault("NUM")
    return math.sqrt(a)


@function(
    "EXP 指数",
    "number",
    pg="CASE WHEN {a} > 700 THEN NULL WHEN {a} < -700 THEN 0 ELSE exp({a}) END",
    faults="NUM",
    zh="e 的几次方",
    en="e to the power of",
    example="EXP(1)",
)
def exp(a: float) -> float:
    if a > ROOM:
        raise FormulaFault("NUM")
    return 0.0 if a < -ROOM else math.exp(a)


@function(
    "LN 自然对数",
    "number",
    pg="CASE WHEN {a} > 0 THEN ln({a}) END",
    faults="NUM",
    zh="自然对数",
    en="The natural logarithm",
    example="LN(2)",
)
def ln(a: float) -> float:
    if a <= 0:
        raise FormulaFault("NUM")
    return math.log(a)


@function(
    "LOG 对数",
    "number, number=10",
    faults="NUM",
    pg="CASE WHEN {a} > 0 AND {b} > 0 AND {b} <> 1 THEN ln({a}) / nullif(ln({b}), 0) END",
    zh="对数，默认以 10 为底",
    en="The logarithm, base 10 by default",
    example="LOG(100)",
)
def log(a: float, base: float = 10.0) -> float:
    if a <= 0 or base <= 0 or base == 1:
        raise FormulaFault("NUM")
    return math.log(a) / math.log(base)


function("PI 圆周率", "", pg="pi()", zh="圆周率", en="Pi", example="PI()")(lambda: math.pi)


@function(
    "GCD 最大公约数",
    "number, number",
    faults="NUM",
    pg="CASE WHEN {a} >= 0 AND {b} >= 0"
    " THEN gcd(least(trunc({a}), 9e15)::bigint, least(trunc({b}), 9e15)::bigint)::float8 END",
    zh="最大公约数",
    en="The greatest common divisor",
    example="GCD(12, 18)",
)
def gcd(a: float, b: float) -> float:
    return float(math.gcd(whole(a), whole(b)))


@function(
    "LCM 最小公倍数",
    "number, number",
    faults="NUM",
    pg="CASE WHEN {a} >= 0 AND {b} >= 0"
    " THEN lcm(least(trunc({a}), 9e15)::numeric, least(trunc({b}), 9e15)::numeric)::float8 END",
    zh="最小公倍数",
    en="The least common multiple",
    example="LCM(4, 6)",
)
def lcm(a: float, b: float) -> float:
    return float(math.lcm(whole(a), whole(b)))


def whole(x: float) -> int:
    if x < 0:
        raise FormulaFault("NUM")
    return int(min(x, 9e15))


@function(
    "FACT 阶乘",
    "number",
    pg="CASE WHEN {a} >= 0 AND {a} < 171 THEN factorial(trunc({a})::bigint)::float8 END",
    faults="NUM",
    zh="阶乘",
    en="The factorial",
    example="FACT(5)",
)
def fact(a: float) -> float:
    if not 0 <= a < 171:
        raise FormulaFault("NUM")
    return float(math.factorial(int(a)))


hidden("digits", "number~", pg="{a}::numeric::float8", browser=False)(digits15)
