"""Settings said in a few words for cards and lists: who, how long, which values, in both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.core.jobs.duration import BadDuration, micros
from engines.core.kernel.kind import Definition, Label

LANGUAGES = ("zh", "en")
UNITS: list[tuple[int, Label]] = [
    (7 * 86400, {"zh": "{n} 周", "en": "{n} w"}),
    (86400, {"zh": "{n} 天", "en": "{n} d"}),
    (3600, {"zh": "{n} 小时", "en": "{n} h"}),
    (60, {"zh": "{n} 分钟", "en": "{n} min"}),
    (1, {"zh": "{n} 秒", "en": "{n} s"}),
]
LATE: dict[str, Label] = {
    "remind": {"zh": "{long}后催办", "en": "reminds after {long}"},
    "escalate": {"zh": "{long}后升级", "en": "escalates after {long}"},
    "approve": {"zh": "{long}后当作同意", "en": "counts as yes after {long}"},
    "reject": {"zh": "{long}后当作拒绝", "en": "counts as no after {long}"},
    "edge": {"zh": "{long}后走另一条路", "en": "another way after {long}"},
}
STARTER: Label = {"zh": "发起人", "en": "whoever started it"}
ASSIGNEE: Label = {"zh": "办理人", "en": "whoever has it"}
ADMIN: Label = {"zh": "管理员", "en": "an administrator"}


@dataclass(frozen=True)
class Names:
    """What the ids of an app stand for: its fields as they are defined, what roles, forms, flows and message templates
    are called, and people by id. What is not in here is said by its id."""

    fields: Mapping[str, Definition] = field(default_factory=dict)
    roles: Mapping[str, Label] = field(default_factory=dict)
    forms: Mapping[str, Label] = field(default_factory=dict)
    flows: Mapping[str, Label] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    messages: Mapping[str, Label] = field(default_factory=dict)

    def of_field(self, name: str) -> Label:
        """A field, or a way such as `owner.team`, by the label of its first part."""
        found = self.fields.get(name.partition(".")[0])
        return dict(found["label"]) if found else plain(name)

    def of_value(self, name: str, value: Any) -> Label:
        """A value of a field: an option by its label."""
        options = {one["id"]: one["label"] for one in self.fields.get(name, {}).get("options", ())}
        return dict(options[value]) if isinstance(value, str) and value in options else plain(value)


def plain(text: Any) -> Label:
    """The same in both languages."""
    return dict.fromkeys(LANGUAGES, "" if text is None else str(text))


def pick(label: Mapping[str, str], language: str) -> str:
    """A label in a language, in another one when it lacks that."""
    return label.get(language) or next(iter(label.values()), "")


def said(zh: str, en: str, **parts: Label) -> Label:
    """A pattern filled with labels."""
    texts = {"zh": zh, "en": en}
    return {lang: texts[lang].format(**{n: pick(one, lang) for n, one in parts.items()}) for lang in LANGUAGES}


def joined(parts: Iterable[Label], zh: str = " · ", en: str = " · ") -> Label:
    """Labels in a row; empty ones are left out."""
    rows, between = list(parts), {"zh": zh, "en": en}
    return {lang: between[lang].join(text for one in rows if (text := pick(one, lang))) for lang in LANGUAGES}


def long(text: str) -> Label:
    """A length of time in its largest whole unit; as it stands when it is none."""
    try:
        seconds = abs(micros(text)) // 1_000_000
    except BadDuration:
        return plain(text)
    size, unit = next((one for one in UNITS if seconds and seconds % one[0] == 0), UNITS[-1])
    return {lang: words.format(n=seconds // size) for lang, words in unit.items()}


def who(assign: Iterable[Definition], names: Names) -> Label:
    """The people that an assignment means."""
    return joined((_meant(one, names) for one in assign), "、", ", ")


def late(settings: Definition) -> Label:
    """The first thing beyond a reminder that happens when nobody acts, else the reminder."""
    found = settings.get("deadlines", ())
    one = next((d for d in found if d.get("do") != "remind"), found[0] if found else None)
    if one is None or one.get("do") not in LATE:
        return {}
    return said(LATE[one["do"]]["zh"], LATE[one["do"]]["en"], long=long(one.get("after", "")))


def about(settings: Definition, names: Names) -> Label:
    """What an action does, from the settings that most actions share."""
    if values := settings.get("values"):
        target = names if not settings.get("form") else Names()
        sets = joined((_set(one, target) for one in values), "，", ", ")
        return joined([_named(names.forms, settings.get("form")), sets], "：", ": ")
    if tag := settings.get("tag"):
        return names.of_value(settings.get("field", ""), tag)
    for name, kept in (("form", names.forms), ("flow", names.flows)):
        if settings.get(name):
            return _named(kept, settings[name])
    template = _named(names.messages, settings.get("template"))
    named: list[Label] = [settings[n] for n in ("title", "subject", "text") if isinstance(settings.get(n), dict)]
    address = settings.get("to") or settings.get("url")
    to = plain(address) if address else {}
    return joined([who(settings.get("assign", ()), names), to, *([template] if template else named[:1])])


def _named(known: Mapping[str, Label], name: Any) -> Label:
    return known.get(str(name), plain(name)) if name else {}


def _set(one: Definition, names: Names) -> Label:
    value = plain(one["formula"]) if "formula" in one else names.of_value(one.get("field", ""), one.get("value"))
    return said("{field} = {value}", "{field} = {value}", field=names.of_field(one.get("field", "")), value=value)


def _meant(one: Definition, names: Names) -> Label:
    way = next((name for name in one if name != "pick"), "")
    given = one.get(way)
    if way == "users":
        return joined((plain(names.people.get(p, p) if isinstance(p, int) else p) for p in given or ()), "、", ", ")
    if way == "supervisor":
        return said("{of}的上级", "supervisor of {of}", of=_of(str(given), names))
    if way == "department_head":
        return said("{of}的负责人", "head of {of}", of=names.of_field(str(given)))
    fixed = {"starter": STARTER, "admin": ADMIN}
    return fixed.get(way) or (names.of_field(str(given)) if way == "field" else _named(names.roles, given))


def _of(given: str, names: Names) -> Label:
    if given.startswith("field:"):
        return names.of_field(given.removeprefix("field:"))
    return STARTER if given == "starter" else ASSIGNEE
