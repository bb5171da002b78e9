"""What a publish would do, in words and with counts from live data, before anybody does it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from engines.core.fields import field_types
from engines.core.kernel.errors import AppError, BadDefinition
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import migrate, tallies
from engines.form.compile import Form

from .catalog import App
from .check import check_app
from .diff import KINDS, Difference, differences, word
from .recompute import forms_to_redo
from .retype import impact, may_turn, storage
from .schemas import Problem


class PlanStopped(AppError):
    """`items` are those that stand in the way."""

    code = "plan_stopped"
    words = {"zh": "有 {count} 处发布不了：{first}", "en": "{count} changes cannot be published: {first}"}

    def __init__(self, items: "list[Item]") -> None:
        super().__init__(count=len(items), items=items)

    def say(self, language: str) -> str:
        first = self.details["items"][0]
        told = f"{word(first.words, language)}。{word(first.detail, language)}"
        return self.words[language].format(count=self.details["count"], first=told)


@dataclass(frozen=True)
class Item:
    """One change: a sentence, what it means for the data, and a badge with the count. `stop`: it cannot be published
    like this, and `detail` says the way out."""

    words: Label
    detail: Label = field(default_factory=dict)
    badge: Label = field(default_factory=dict)
    tone: str = "brand"
    icon: str = "edit"
    stop: bool = False
    count: int = 0


@dataclass(frozen=True)
class Plan:
    """`version` is the number it would get, `tables` the table changes, `redo` the forms whose records are worked out
    again, `problems` what the check found: with one of these there are no table changes yet."""

    app: str
    version: int
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
    tables: tuple[migrate.Step, ...] = ()
    redo: tuple[str, ...] = ()
    records: int = 0

    @property
    def stops(self) -> list[Item]:
        return [item for item in self.items if item.stop]

    @property
    def ready(self) -> bool:
        return not self.problems and not self.stops and bool(self.items)


def plan(look: Look, definition: Definition) -> Plan:
    """What publishing this definition would change; nothing is written. An app that is not there yet is an install."""
    app_id = str(definition["id"])
    live = look.apps.app(app_id) if app_id in look.apps.versions else None
    version = int(look.apps.history(app_id)[0]["version"]) + 1 if live else 1
    try:
        check_app(definition)
    except BadDefinition as bad:
        items = [Item(one.words) for one in differences(live.definition, definition)] if live else []
        return Plan(app_id, version, tuple(items), tuple(bad.problems))
    return _sound(look.as_system("the plan of a publish counts all records"), live, App(version, definition))


def _sound(look: Look, live: App | None, new: App) -> Plan:
    """The plan of a definition that has passed the check."""
    old: Definition = live.definition if live else {}
    redo = tuple(forms_to_redo(old, new.definition)) if live else ()
    items = (
        list(_new_app(new))
        if live is None
        else [_item(look, live, new, one) for one in differences(old, new.definition)]
    )
    tables: list[migrate.Step] = []
    for form in new.forms.values():
        try:
            tables += migrate.plan(look.session, form.source)
        except migrate.ColumnTaken as taken:
            items.append(_taken(form, taken))
    counts = {name: tallies.living(look, live.form(name).source) for name in redo} if live else {}
    items += [_redone(new.form(name), n) for name, n in counts.items() if n]
    return Plan(new.id, new.version, tuple(items), (), tuple(tables), redo, sum(counts.values()))


def _new_app(new: App) -> Iterator[Item]:
    for kind, label in KINDS.items():
        n = len(new.parts(kind)) if isinstance(new.definition.get(kind), list) else 0
        if n:
            yield Item({"zh": f"{label['zh']} {n} 个", "en": f"{label['en']}: {n}"}, tone="ok", icon="plus")


def _item(look: Look, live: App, new: App, one: Difference) -> Item:
    tell = TELLS.get(one.what)
    return tell(look, live, new, one) if tell else Item(one.words, icon=ICONS.get(one.kind, "edit"))


ICONS = {
    "rules": "rule",
    "tables": "table",
    "flows": "flow",
    "reports": "chart",
    "dashboards": "chart",
    "roles": "shield",
}


def _part_added(look: Look, live: App, new: App, one: Difference) -> Item:
    return Item(one.words, icon="plus", tone="ok", badge={"zh": "不影响数据", "en": "no data touched"})


def _part_removed(look: Look, live: App, new: App, one: Difference) -> Item:
    if one.kind != "forms":
        return Item(one.words, icon="trash", tone="warn")
    n = tallies.living(look, live.form(one.part).source)
    detail = {
        "zh": "记录先藏起来，退回旧版本就回来。",
        "en": "Its records are hidden and come back with an earlier version.",
    }
    return Item(one.words, detail, _hidden(n), "warn", "trash", count=n)


def _field_added(look: Look, live: App, new: App, one: Difference) -> Item:
    n = tallies.living(look, live.form(one.part).source)
    if field_types.get(one.new["type"]).computed_by(one.new) is not None:
        detail = {"zh": "自己算出来，发布后补算。", "en": "Worked out by itself, for old records after the publish."}
    elif one.new.get("required"):
        detail = {
            "zh": f"已有 {n:,} 条留空，下次编辑时要填。",
            "en": f"{n:,} records stay empty until they are next edited.",
        }
    else:
        detail = {"zh": f"已有 {n:,} 条留空。", "en": f"{n:,} records stay empty."}
    return Item(one.words, detail, {"zh": "不影响数据", "en": "no data touched"}, "ok", "plus", count=n)


def _field_removed(look: Look, live: App, new: App, one: Difference) -> Item:
    n = tallies.filled(look, live.form(one.part).source, one.field)
    detail = {
        "zh": f"{n:,} 条有内容，先藏起来；加回同一编号的字段或退回旧版本，内容还在。",
        "en": f"{n:,} records hold something. It is hidden, and back with an earlier version.",
    }
    return Item(one.words, detail, _hidden(n), "warn", "trash", count=n)


def _field_type(look: Look, live: App, new: App, one: Difference) -> Item:
    source = live.form(one.part).source
    n = tallies.filled(look, source, one.field)
    if storage(one.old) != storage(one.new):
        detail = {
            "zh": f"{n:,} 条的内容存法不同，不能直接改类型。新建一个这种类型的字段，旧的隐藏或删除，数据都在。",
            "en": f"{n:,} records are kept in another way. Add a new field of that type, then hide or remove the old "
            "one; its data is kept.",
        }
        return Item(
            one.words, detail, {"zh": "发布不了", "en": "cannot be published"}, "bad", "stop", stop=True, count=n
        )
    if may_turn(one.old, one.new):
        return _turned(look, live, one)
    return Item(one.words, {"zh": f"{n:,} 条照旧。", "en": f"{n:,} records stay as they are."}, count=n)


def _turned(look: Look, live: App, one: Difference) -> Item:
    found = impact(look, live.form(one.part).source, one.old, one.new, live.definition["languages"][0])
    detail = {
        "zh": f"{found.same:,} 条不变，{found.rewritten:,} 条改写成新的写法，原文留在历史里。",
        "en": f"{found.same:,} stay as they are, {found.rewritten:,} are rewritten; history keeps the old.",
    }
    if not found.kept:
        return Item(
            one.words, detail, {"zh": f"改写 {found.rewritten:,} 条", "en": f"{found.rewritten:,} rewritten"},
            count=found.rewritten,
        )  # fmt: skip
    detail = {
        "zh": f"{detail['zh']}{found.kept:,} 条对不上，照原样显示，下次编辑时再改。",
        "en": f"{detail['en']} {found.kept:,} do not fit: shown as they are until they are next edited.",
    }
    badge = {"zh": f"对不上 {found.kept:,} 条", "en": f"{found.kept:,} do not fit"}
    return Item(one.words, detail, badge, "warn", count=found.kept)


def _field_changed(look: Look, live: App, new: App, one: Difference) -> Item:
    """Settings that old records may not meet are counted; others are told only."""
    if storage(one.old) != storage(one.new):
        return _field_type(look, live, new, one)
    tell = SETTINGS.get(one.setting)
    return tell(look, live.form(one.part), one) if tell else Item(one.words)


def _required(look: Look, form: Form, one: Difference) -> Item:
    if not one.new.get("required"):
        return Item(one.words)
    n = tallies.living(look, form.source) - tallies.filled(look, form.source, one.field)
    detail = {
        "zh": f"{n:,} 条还空着，下次编辑时要填。",
        "en": f"{n:,} are empty and have to be filled when they are next edited.",
    }
    return Item(one.words, detail, {"zh": f"空着 {n:,} 条", "en": f"{n:,} empty"}, "warn" if n else "ok", count=n)


def _unique(look: Look, form: Form, one: Difference) -> Item:
    n = tallies.repeated(look, form.source, one.field) if one.new.get("unique") and one.field in form.source.own else 0
    if not n:
        return Item(one.words)
    detail = {
        "zh": f"{n:,} 条的值和别的记录相同，先改掉这些重复再发布。",
        "en": f"{n:,} records share their value with another one: mend these first, then publish.",
    }
    return Item(
        one.words, detail, {"zh": f"重复 {n:,} 条", "en": f"{n:,} duplicates"}, "bad", "stop", stop=True, count=n
    )


def _options(look: Look, form: Form, one: Difference) -> Item:
    kept = {option["id"] for option in one.new.get("options", ())}
    gone = [option for option in one.old.get("options", ()) if option["id"] not in kept]
    n = tallies.holding(look, form.source, one.field, [option["id"] for option in gone])
    if not gone:
        return Item(one.words)
    names = {lang: "、".join(word(option["label"], lang) for option in gone) for lang in ("zh", "en")}
    detail = {
        "zh": f"去掉「{names['zh']}」：{n:,} 条还是这个值，显示编号，不再可选。",
        "en": f"Gone: {names['en']}. {n:,} records keep the value, shown by its id; it can no longer be chosen.",
    }
    return Item(one.words, detail, {"zh": f"涉及 {n:,} 条", "en": f"{n:,} records"}, "warn" if n else "brand", count=n)


SETTINGS: dict[str, Callable[[Look, Form, Difference], Item]] = {
    "required": _required,
    "unique": _unique,
    "options": _options,
}


def _rule(look: Look, live: App, new: App, one: Difference) -> Item:
    if one.kind == "flows":
        detail = {
            "zh": "正在走的按旧版走完，新触发的用新版。",
            "en": "Running ones finish as they began; new ones use the new version.",
        }
        return Item(one.words, detail, tone="vio", icon="flow")
    return Item(
        one.words, tone="wood" if one.kind in ("rules", "tables") else "brand", icon=ICONS.get(one.kind, "edit")
    )


TELLS: dict[str, Callable[[Look, App, App, Difference], Item]] = {
    "part_added": _part_added,
    "part_removed": _part_removed,
    "part_changed": _rule,
    "field_added": _field_added,
    "field_removed": _field_removed,
    "field_type": _field_type,
    "field_changed": _field_changed,
}


def _hidden(n: int) -> Label:
    return {"zh": f"藏起 {n:,} 条", "en": f"{n:,} hidden"} if n else {"zh": "没有内容", "en": "was empty"}


def _taken(form: Form, taken: migrate.ColumnTaken) -> Item:
    label = form.definition["label"]
    words = {language: f"{word(label, language)}: {taken.say(language)}" for language in ("zh", "en")}
    badge = {"zh": "发布不了", "en": "cannot be published"}
    detail = {"zh": "换一个字段编号再加，旧内容都在。", "en": "Add it under another id; the old content is kept."}
    return Item(words, detail, badge, "bad", "stop", stop=True)


def _redone(form: Form, n: int) -> Item:
    label = form.definition["label"]
    words = {
        "zh": f"{word(label, 'zh')}：重算全部 {n:,} 条",
        "en": f"{word(label, 'en')}: all {n:,} records are worked out again",
    }
    detail = {
        "zh": "发布后在后台每 500 条一批，期间可正常使用。",
        "en": "In the background, 500 at a time; people can work meanwhile.",
    }
    return Item(words, detail, {"zh": f"{n:,} 条", "en": f"{n:,} records"}, "wood", "sum", count=n)
