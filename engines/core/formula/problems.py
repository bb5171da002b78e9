"""What is wrong with the text of a formula: all of it at once, each pointing at its spot."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from engines.core.kernel.errors import AppError

WORDS: dict[str, dict[str, str]] = {
    "empty": {
        "zh": "公式是空的，写一个字段名、数字或函数",
        "en": "The formula is empty: write a field, a number or a function",
    },
    "too_long": {
        "zh": "公式有 {count} 个字符，最多 {most} 个；可把一部分挪到另一个计算字段",
        "en": "The formula has {count} characters of at most {most}: move a part to a computed field of its own",
    },
    "too_many": {
        "zh": "公式超过 {most} 个词，可把一部分挪到另一个计算字段",
        "en": "The formula has more than {most} words and signs: move a part to a computed field of its own",
    },
    "too_deep": {
        "zh": "这里嵌套超过 {most} 层，可把里层挪到另一个计算字段",
        "en": "Nested deeper than {most} levels here: move the inner part to a computed field of its own",
    },
    "unreadable": {
        "zh": "公式里用不到「{near}」这个符号，删掉它或放进引号",
        "en": "'{near}' has no meaning here: remove it or put it in quotes",
    },
    "open_quote": {
        "zh": "这个引号没有收尾，在文字末尾补一个",
        "en": "This quote is never closed: add one at the end of the text",
    },
    "open_brace": {
        "zh": "这个 {{ 没有收尾，在字段名后补一个 }}",
        "en": "This {{ is never closed: add a }} after the field's name",
    },
    "open_paren": {
        "zh": "这个左括号没有收尾，补一个右括号",
        "en": "This parenthesis is never closed: add a closing one",
    },
    "stray_paren": {"zh": "多了一个右括号，删掉它", "en": "One closing parenthesis too many: remove it"},
    "no_operator": {
        "zh": "「{near}」前面少一个运算符，比如 + 或 AND",
        "en": "An operator such as + or AND is missing before '{near}'",
    },
    "no_value": {"zh": "这里少一个值：字段、数字或文字", "en": "A value is missing here: a field, a number or a text"},
    "misplaced": {"zh": "「{near}」不能放在这里", "en": "'{near}' cannot stand here"},
    "too_large": {"zh": "数字太大，最多 1e308", "en": "The number is too large, at most 1e308"},
    "unknown_name": {"zh": "没有叫「{name}」的字段{hint}", "en": "There is no field called '{name}'{hint}"},
    "unknown_function": {"zh": "没有叫「{name}」的函数{hint}", "en": "There is no function called '{name}'{hint}"},
    "unknown_option": {"zh": "「{field}」没有「{name}」这个选项{hint}", "en": "'{field}' has no option '{name}'{hint}"},
    "outer_name": {
        "zh": "「{name}」是外层表单的字段，写成 this.{name}",
        "en": "'{name}' belongs to the outer form: write this.{name}",
    },
    "too_few": {
        "zh": "{name} 至少要 {least} 个参数，现在有 {count} 个",
        "en": "{name} takes at least {least} arguments, here are {count}",
    },
    "too_much": {
        "zh": "{name} 最多要 {most} 个参数，现在有 {count} 个",
        "en": "{name} takes at most {most} arguments, here are {count}",
    },
    "pairs": {"zh": "{name} 的参数要成对：条件，结果", "en": "{name} takes its arguments in pairs: condition, result"},
    "wrong_type": {
        "zh": "这里要{wanted_zh}，「{near}」是{found_zh}{mend_zh}",
        "en": "{wanted_en} is needed here and '{near}' is {found_en}{mend_en}",
    },
    "no_compare": {
        "zh": "{left_zh}不能和{right_zh}比较{mend_zh}",
        "en": "{left_en} cannot be compared with {right_en}{mend_en}",
    },
    "no_order": {"zh": "{left_zh}没有大小之分，只能用 = 或 <>", "en": "{left_en} has no order: use = or <>"},
    "one_of": {"zh": "这里要写 {allowed} 之一，带引号", "en": "Write one of {allowed} here, in quotes"},
    "constant": {
        "zh": "这里要写固定的数字或文字，不能用字段",
        "en": "A fixed number or text is needed here, not a field",
    },
    "relation": {
        "zh": "「{near}」是一组关联记录，放进 COUNT、SUM 等函数里用",
        "en": "'{near}' is a set of related records: use it inside COUNT, SUM and the like",
    },
    "not_related": {
        "zh": "{name} 要一组关联记录，比如 {name}(订单.金额)；「{near}」不是",
        "en": "{name} takes related records, such as {name}(orders.amount); '{near}' is not one",
    },
    "needs_field": {"zh": "写明要哪个字段，比如 {near}.金额", "en": "Say which field, such as {near}.amount"},
    "where": {
        "zh": "WHERE（其中）只用在关联记录后面，比如 COUNT(订单 WHERE …)",
        "en": "WHERE follows related records only, as in COUNT(orders WHERE …)",
    },
    "nested": {
        "zh": "关联汇总里不能再套一层汇总，先在那张表单上做成计算字段",
        "en": "A summary cannot stand inside another: make it a computed field of that form first",
    },
    "no_path": {"zh": "「{name}」不是关联，后面不能再接字段", "en": "'{name}' is no link, so no field can follow it"},
    "needs_name": {"zh": "{name} 里只能写一个字段名", "en": "{name} takes the name of one field"},
    "not_here": {
        "zh": "{name} 在这里用不了：这里没有当事人或旧值",
        "en": "{name} cannot be used here: there is no acting person or earlier value",
    },
    "application_only": {
        "zh": "{name} 只能由程序计算，这里的条件要在数据库里算；可先做成计算字段",
        "en": "{name} is evaluated in the application, this condition in the database: make it a computed field first",
    },
    "this": {
        "zh": "this 只用在 WHERE（其中）里，指外层的记录",
        "en": "this is for use inside WHERE: it is the outer record",
    },
    "too_big": {
        "zh": "公式展开后太大，可把一部分挪到另一个计算字段",
        "en": "The formula grows too big: move a part to a computed field of its own",
    },
}

KINDS = {
    "number": ("数字", "a number"),
    "text": ("文字", "a text"),
    "boolean": ("是否", "a yes/no value"),
    "date": ("日期", "a date"),
    "datetime": ("日期时间", "a date with time"),
    "moment": ("日期", "a date"),
    "duration": ("时长", "a duration"),
    "choice": ("选项", "a choice"),
    "list": ("多个值", "a list"),
    "link": ("关联记录", "a link"),
    "file": ("文件", "a file"),
    "blank": ("空值", "a blank"),
    "condition": ("条件", "a condition"),
}


@dataclass(frozen=True)
class Problem:
    """One mistake: characters start to end of the text, a code, words in both languages, the nearest known name."""

    start: int
    end: int
    code: str
    words: dict[str, str]
    near: str = ""


MOST_PROBLEMS = 20
"""After so many the rest is not looked at."""


class FormulaError(AppError):
    """A formula that cannot be used; `problems` holds every mistake found, in order of place."""

    code = "formula"
    words = {"zh": "公式有 {count} 处要改：{first_zh}", "en": "{count} to mend in the formula: {first_en}"}

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.start, p.end)))
        first = self.problems[0].words
        super().__init__(count=len(self.problems), first_zh=first["zh"], first_en=first["en"])


def problem(code: str, span: tuple[int, int], **details: object) -> Problem:
    """One problem with its words filled in from the details."""
    words = {language: text.format(**details) for language, text in WORDS[code].items()}
    return Problem(span[0], span[1], code, words, str(details.get("near", "")))


def unknown(code: str, span: tuple[int, int], name: str, known: Iterable[str], **details: object) -> Problem:
    """A name that nobody knows, with the nearest known one."""
    folded = {other.casefold(): other for other in sorted(known, reverse=True)}
    close = get_close_matches(name.casefold(), folded, 1, 0.6 if len(name) > 3 else 0.5)
    near = folded[close[0]] if close else ""
    hints = {"zh": f"，是不是「{near}」？" if near else "", "en": f": did you mean '{near}'?" if near else ""}
    words = {lang: text.format(name=name, hint=hints[lang], **details) for lang, text in WORDS[code].items()}
    return Problem(span[0], span[1], code, words, near)


def kinds(**named: str) -> dict[str, str]:
    """Details `wanted_zh`, `wanted_en` for each `wanted="number"`."""
    return {f"{key}_{lang}": KINDS[kind][i] for key, kind in named.items() for i, lang in enumerate(("zh", "en"))}
