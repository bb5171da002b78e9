"""Roles: what may be done on each form, with which rows, and with which fields."""

from typing import Any

from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.scope import ACTIONS
from engines.core.kernel.work import Look

from ..base import Designer, Edit, Page, Sent, designer
from ..panel import controls, sent_value
from ..references import choices_of

WORDS: dict[str, Label] = {
    "view": {"zh": "看", "en": "View"},
    "create": {"zh": "新建", "en": "Create"},
    "edit": {"zh": "修改", "en": "Edit"},
    "delete": {"zh": "删除", "en": "Delete"},
    "export": {"zh": "导出", "en": "Export"},
    "import": {"zh": "导入", "en": "Import"},
    "share": {"zh": "分享", "en": "Share"},
    "comment": {"zh": "评论", "en": "Comment"},
    "history": {"zh": "看历史", "en": "History"},
    "restore": {"zh": "恢复", "en": "Restore"},
}
ROWS: dict[str, Label] = {
    "all": {"zh": "全部", "en": "All"},
    "own": {"zh": "自己的", "en": "Own"},
    "department": {"zh": "本部门的", "en": "Own department's"},
    "department_below": {"zh": "本部门和下级的", "en": "Department and below"},
    "formula": {"zh": "按公式", "en": "By formula"},
}
LEVELS: dict[str, Label] = {
    "": {"zh": "照常", "en": "As usual"},
    "hidden": {"zh": "看不到", "en": "Hidden"},
    "masked": {"zh": "打码", "en": "Masked"},
    "read": {"zh": "只能看", "en": "Read only"},
    "write_once": {"zh": "只能填一次", "en": "Fill in once"},
    "write": {"zh": "可改", "en": "Change"},
}
PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "help", "type": "labels", "label": {"zh": "说明", "en": "Help"}, "max_length": 80},
    {"id": "build", "type": "checkbox", "label": {"zh": "可以设计这个应用", "en": "May design this app"}},
    {"id": "publish", "type": "checkbox", "label": {"zh": "可以发布", "en": "May publish it"}},
]


@designer
class Roles(Designer):
    """`sel` is `form/<id>`: the form whose rows and fields stand on the right; `*` is every other form."""

    kind = "roles"
    folder = "roles"

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, name = page.body, page.sel.removeprefix("form/")
        given = body["forms"].get(name)
        rows = given.get("rows", "all") if given else ""
        form = next((one for one in page.parts("forms") if one["id"] == name), None)
        return {
            "body": body,
            "actions": [(action, WORDS[action]) for action in ACTIONS],
            "forms": [(one["id"], one["label"]) for one in page.parts("forms")]
            + [("*", {"zh": "其他表单", "en": "Other forms"})],
            "has": lambda form, action: allows(body, form, action),
            "name": name if given else "",
            "given": given or {},
            "form": form,
            "rows": rows if isinstance(rows, str) else "formula",
            "formula": rows.get("formula", "") if isinstance(rows, dict) else "",
            "row_choices": list(ROWS.items()),
            "levels": list(LEVELS.items()),
            "people_fields": [f for f in form["fields"] if f["type"] in ("person", "department")] if form else [],
            "panel": controls(PANEL, body, choices_of(page, body), page=page),
            "wrong": page.part_problems(),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op not in OPS:
            raise NotFound(op=op)
        edit: Edit = OPS[op](page, sent)
        return edit


def allows(role: Definition, form: str, action: str) -> str:
    """`own` word of the role for this form, `other` when it follows from every other form, "" when it does not."""
    own = role["forms"].get(form)
    if own is None:
        rest = role["forms"].get("*")
        return "other" if rest and (rest["actions"] == "*" or action in rest["actions"]) else ""
    return "own" if own["actions"] == "*" or action in own["actions"] else ""


def _form(page: Page, sent: Sent) -> tuple[str, Definition]:
    """The form that a command names, and what the role says of it: as for every other form where it says nothing."""
    name = sent["form"]
    role = page.body
    return name, dict(role["forms"].get(name) or role["forms"].get("*") or {"actions": []})


def _kept(page: Page, name: str, given: Definition | None) -> Edit:
    return "set", {"at": ["roles", page.part, "forms", name], "value": given}, f"form/{name}"


def _toggle(page: Page, sent: Sent) -> Edit:
    """One action on one form; nothing is left of a form on which nothing is allowed."""
    name, given = _form(page, sent)
    has = list(ACTIONS) if given["actions"] == "*" else list(given["actions"])
    action = sent["action"]
    now = [one for one in ACTIONS if (one in has) != (one == action)]
    if not now and "*" not in page.body["forms"]:
        return _kept(page, name, None)
    return _kept(page, name, given | {"actions": now})


def _rows(page: Page, sent: Sent) -> Edit:
    name, given = _form(page, sent)
    kind = sent.get("rows", "all")
    if kind == "formula":
        old = given.get("rows")
        text = sent.get("text", "").strip() or (old["formula"] if isinstance(old, dict) else "TRUE")
        return _kept(page, name, given | {"rows": {"formula": text}})
    return _kept(page, name, given | {"rows": kind})


def _own_by(page: Page, sent: Sent) -> Edit:
    name, given = _form(page, sent)
    fields = [one for one in given.get("own_by", []) if one != sent["field"]]
    if sent["field"] not in given.get("own_by", []):
        fields.append(sent["field"])
    rest = {key: value for key, value in given.items() if key != "own_by"}
    return _kept(page, name, rest | ({"own_by": fields} if fields else {}))


def _hand_over(page: Page, sent: Sent) -> Edit:
    name, given = _form(page, sent)
    rest = {key: value for key, value in given.items() if key != "hand_over"}
    return _kept(page, name, rest | ({} if given.get("hand_over") else {"hand_over": True}))


def _field(page: Page, sent: Sent) -> Edit:
    name, given = _form(page, sent)
    fields = {key: level for key, level in given.get("fields", {}).items() if key != sent["field"]}
    if sent.get("level"):
        fields[sent["field"]] = sent["level"]
    rest = {key: value for key, value in given.items() if key != "fields"}
    return _kept(page, name, rest | ({"fields": fields} if fields else {}))


def _forget(page: Page, sent: Sent) -> Edit:
    """The form follows every other form again."""
    return _kept(page, sent["form"], None)[0], {"at": ["roles", page.part, "forms", sent["form"]]}, ""


def _set(page: Page, sent: Sent) -> Edit:
    value = sent_value(PANEL, page.body, sent)
    return "set", {"at": ["roles", page.part, sent["name"]], "value": value}, page.sel


OPS: dict[str, Any] = {
    "toggle": _toggle,
    "rows": _rows,
    "own_by": _own_by,
    "hand_over": _hand_over,
    "field": _field,
    "forget": _forget,
    "set": _set,
}
