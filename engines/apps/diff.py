"""What differs between two versions of an app, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.values import COMMON
from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition, Label

from .catalog import PARTS

KINDS: dict[str, Label] = {
    "app": {"zh": "应用", "en": "App"},
    "forms": {"zh": "表单", "en": "Form"},
    "rules": {"zh": "规则", "en": "Rule"},
    "tables": {"zh": "决策表", "en": "Decision table"},
    "segments": {"zh": "人群", "en": "Segment"},
    "flows": {"zh": "流程", "en": "Flow"},
    "datasets": {"zh": "数据集", "en": "Dataset"},
    "reports": {"zh": "报表", "en": "Report"},
    "dashboards": {"zh": "看板", "en": "Dashboard"},
    "roles": {"zh": "角色", "en": "Role"},
    "links": {"zh": "公开链接", "en": "Public link"},
    "calendars": {"zh": "日历", "en": "Calendar"},
    "menu": {"zh": "菜单", "en": "Menu"},
    "messages": {"zh": "消息模板", "en": "Message template"},
    "connectors": {"zh": "连接", "en": "Connector"},
    "tags": {"zh": "共用选项", "en": "Shared options"},
    "tests": {"zh": "测试", "en": "Tests"},
}
SAYS: dict[str, Label] = {
    "part_added": {"zh": "新增{kind}「{name}」", "en": "New {kind}: {name}"},
    "part_removed": {"zh": "删除{kind}「{name}」", "en": "{kind} removed: {name}"},
    "part_changed": {"zh": "{kind}「{name}」：{what}有改动", "en": "{kind} {name}: {what} changed"},
    "part_order": {"zh": "{kind}的顺序有改动", "en": "Order changed: {kind}"},
    "field_added": {"zh": "{form}：新增字段「{name}」（{type}）", "en": "{form}: new field {name} ({type})"},
    "field_removed": {"zh": "{form}：删除字段「{name}」", "en": "{form}: field {name} removed"},
    "field_type": {"zh": "{form}：「{name}」从{old}改为{new}", "en": "{form}: {name} turns from {old} into {new}"},
    "field_changed": {
        "zh": "{form}：「{name}」的{what}从 {old} 改为 {new}",
        "en": "{form}: {name}, {what}: {old} → {new}",
    },
    "field_order": {"zh": "{form}：字段的顺序或分组有改动", "en": "{form}: order or sections of fields changed"},
    "form_changed": {"zh": "{form}：{what}有改动", "en": "{form}: {what} changed"},
}
NONE: Label = {"zh": "空", "en": "nothing"}


@dataclass(frozen=True)
class Difference:
    """`what` is a key of SAYS. `kind` and `part` name the part, `field` and `setting` the spot in it."""

    what: str
    kind: str
    part: str
    words: Label
    field: str = ""
    setting: str = ""
    old: Any = None
    new: Any = None


def differences(old: Definition, new: Definition) -> list[Difference]:
    """Everything that is not the same, part by part."""
    return [*_head(old, new), *(one for kind in PARTS for one in _kind(kind, old, new))]


def _head(old: Definition, new: Definition) -> Iterator[Difference]:
    keys = sorted(name for name in {*old, *new} - set(PARTS) if old.get(name) != new.get(name))
    for name in keys:
        yield _said(
            "part_changed", "app", "app", kind=KINDS["app"], name=_label(new.get("name"), new), what=_plain(name)
        )


def _kind(kind: str, old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = _parts(old.get(kind)), _parts(new.get(kind))
    for name, part in after.items():
        if name not in before:
            yield _said("part_added", kind, name, kind=KINDS[kind], name=named(part, name))
        elif part != before[name]:
            yield from _form(before[name], part) if kind == "forms" else _part(kind, name, before[name], part)
    for name, part in before.items():
        if name not in after:
            yield _said("part_removed", kind, name, kind=KINDS[kind], name=named(part, name))
    if list(before) != list(after) and set(before) == set(after):
        yield _said("part_order", kind, "", kind=KINDS[kind])


def _parts(value: Any) -> dict[str, Definition]:
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return {str(part.get("id", n)): part for n, part in enumerate(value)}
    return {"": {"value": value}} if value is not None else {}


def _part(kind: str, name: str, old: Definition, new: Definition) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            label = named(new, name or kind)
            yield _said("part_changed", kind, name, kind=KINDS[kind], name=label, what=_key(key), setting=key)


def _form(old: Definition, new: Definition) -> Iterator[Difference]:
    name, form = str(new["id"]), _label(new.get("label"), new["id"])
    before, after = ({f["id"]: f for f in one.get("fields", [])} for one in (old, new))
    for key, field in after.items():
        if key not in before:
            details = {"form": form, "name": _label(field.get("label"), key), "type": _type(field)}
            yield _said("field_added", "forms", name, field=key, new=field, **details)
        else:
            yield from _field(name, form, before[key], field)
    for key, field in before.items():
        if key not in after:
            label = _label(field.get("label"), key)
            yield _said("field_removed", "forms", name, field=key, old=field, form=form, name=label)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before] or old.get("layout") != new.get("layout"):
        yield _said("field_order", "forms", name, form=form)
    for key in sorted({*old, *new} - {"fields", "layout"}):
        if old.get(key) != new.get(key):
            yield _said("form_changed", "forms", name, setting=key, form=form, what=_key(key))


def _field(form: str, title: Label, old: Definition, new: Definition) -> Iterator[Difference]:
    spot = {"field": new["id"], "old": old, "new": new}
    about = {"form": title, "name": _label(new.get("label"), new["id"])}
    if old["type"] != new["type"]:
        yield _said("field_type", "forms", form, **spot, **about, shown=(_type(old), _type(new)))
        return
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            shown = (_value(old.get(key)), _value(new.get(key)))
            yield _said(
                "field_changed", "forms", form, setting=key, **spot, **about, what=_setting(new, key), shown=shown
            )


def _said(what: str, where: str, part: str, /, **details: Any) -> Difference:
    """`kind` among the details is the word for it."""
    spot = {name: details.pop(name) for name in ("field", "setting", "old", "new") if name in details}
    if "shown" in details:
        details["old"], details["new"] = details.pop("shown")
    words = {language: _filled(text, details, language) for language, text in SAYS[what].items()}
    return Difference(what, where, part, words, **spot)


def _filled(text: str, details: dict[str, Any], language: str) -> str:
    return text.format(**{name: word(value, language) for name, value in details.items()})


def word(value: Label, language: str) -> str:
    """A label in a language, or whatever there is."""
    return str(value.get(language) or next(iter(value.values()), ""))


def named(part: Definition, otherwise: str) -> Label:
    """What a part is called: reports have a title, others a label."""
    title = part.get("title")
    return _label(part.get("label") or (title if isinstance(title, dict) else None), otherwise)


def _label(value: Any, otherwise: Any) -> Label:
    return value if isinstance(value, dict) and value else _plain(str(otherwise))


def _plain(text: str) -> Label:
    return {"zh": text, "en": text}


def _type(field: Definition) -> Label:
    try:
        return field_types.get(str(field["type"])).label
    except UnknownType:
        return _plain(str(field["type"]))


def _setting(field: Definition, key: str) -> Label:
    """What a panel calls a setting."""
    kind = str(field["type"])
    config = [*COMMON, *(field_types.get(kind).config if kind in field_types else ())]
    return next((one["label"] for one in config if one["id"] == key), _plain(key))


KEYS: dict[str, Label] = {
    "label": {"zh": "名称", "en": "name"},
    "when": {"zh": "条件", "en": "condition"},
    "then": {"zh": "动作", "en": "actions"},
    "else": {"zh": "不成立时", "en": "otherwise"},
    "enabled": {"zh": "启用", "en": "on or off"},
    "rows": {"zh": "行", "en": "rows"},
    "inputs": {"zh": "条件列", "en": "columns"},
    "nodes": {"zh": "步骤", "en": "steps"},
    "edges": {"zh": "连线", "en": "lines"},
    "forms": {"zh": "表单权限", "en": "rights on forms"},
    "title": {"zh": "标题字段", "en": "title field"},
    "views": {"zh": "视图", "en": "views"},
    "icon": {"zh": "图标", "en": "icon"},
    "value": {"zh": "内容", "en": "content"},
    "columns": {"zh": "显示的列", "en": "columns shown"},
    "trigger": {"zh": "触发", "en": "trigger"},
    "measures": {"zh": "指标", "en": "measures"},
    "formula": {"zh": "公式", "en": "formula"},
    "filter": {"zh": "筛选", "en": "filter"},
    "layout": {"zh": "分组", "en": "sections"},
    "actions": {"zh": "动作权限", "en": "actions"},
    "fields": {"zh": "字段", "en": "fields"},
    "values": {"zh": "内容", "en": "values"},
    "sort": {"zh": "排序", "en": "order"},
    "widgets": {"zh": "图表", "en": "tiles"},
    "items": {"zh": "菜单项", "en": "entries"},
    "subject": {"zh": "主题", "en": "subject"},
    "text": {"zh": "内容", "en": "text"},
    "template": {"zh": "消息模板", "en": "message template"},
}


def _key(key: str) -> Label:
    return KEYS.get(key, _plain(key))


def _value(value: Any) -> Label:
    """A setting in a few words."""
    if value in (None, "", [], {}):
        return NONE
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}
    if isinstance(value, dict) and value.keys() <= {"zh", "en"}:
        return {language: f"「{text}」" if language == "zh" else f"'{text}'" for language, text in value.items()}
    if isinstance(value, list):
        return {"zh": f"{len(value)} 项", "en": f"{len(value)} entries"}
    return _plain(str(value)[:60])
