"""Whom an assignment may mean, as one choice: a role, a person in a field, whoever started it, their supervisor."""

from collections.abc import Iterable, Mapping

from engines.core.actions.told import Names, who
from engines.core.kernel.kind import Definition, Label
from runtime import render

ALONE = ("starter", "admin")
KINDS: dict[str, Label] = {
    "role": {"zh": "角色：{who}", "en": "Role: {who}"},
    "field": {"zh": "字段里的人：{who}", "en": "In a field: {who}"},
    "users": {"zh": "指定：{who}", "en": "By name: {who}"},
}


def code(one: Definition) -> str:
    """An assignment as the value of a choice."""
    way = next((name for name in one if name != "pick"), "")
    given = one.get(way)
    if way in ALONE:
        return way
    return f"{way}:{','.join(map(str, given))}" if isinstance(given, list) else f"{way}:{given}"


def meant(text: str) -> Definition:
    """The assignment that a choice stands for; {} for none."""
    way, _, given = text.partition(":")
    if way in ALONE:
        return {way: True}
    if way == "users":
        names = [name.strip() for name in given.split(",") if name.strip()]
        return {way: [int(name) if name.isdigit() else name for name in names]} if names else {}
    return {way: given} if given else {}


def offered(fields: Iterable[Definition], names: Names, people: Mapping[int, str]) -> list[tuple[str, str]]:
    """(value, words) of everybody that may be meant on a form with these fields."""
    rows = list(fields)
    persons = [f["id"] for f in rows if f["type"] == "person"]
    places = [f["id"] for f in rows if f["type"] == "department"]
    found: list[Definition] = [{"starter": True}, {"supervisor": "starter"}]
    found += [{"field": name} for name in persons]
    found += [{"supervisor": f"field:{name}"} for name in persons]
    found += [{"department_head": name} for name in places]
    found += [{"role": name} for name in names.roles]
    found += [{"supervisor": "assignee"}, {"admin": True}]
    found += [{"users": [number]} for number in people]
    return [(code(one), said(one, names)) for one in found]


def said(one: Definition, names: Names) -> str:
    """An assignment in words, with its kind where the name alone would not tell."""
    words = render.label(who([one], names))
    way = next((name for name in one if name != "pick"), "")
    return render.label(KINDS[way]).format(who=words) if way in KINDS else words[:1].upper() + words[1:]
