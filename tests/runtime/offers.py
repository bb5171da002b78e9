"""A small app whose form answers as one types: computed amounts, conditions, rules, a default that moves along."""

from .shop import options, words

CITY = {
    "id": "city",
    "label": words("城市", "Cities"),
    "fields": [
        {"id": "name", "type": "text", "label": words("名称", "Name")},
        {"id": "fee", "type": "money", "label": words("运费", "Fee")},
    ],
}
OFFER = {
    "id": "offer",
    "label": words("报价", "Offers"),
    "one": words("报价", "offer"),
    "title": "name",
    "fields": [
        {"id": "name", "type": "text", "label": words("名称", "Name"), "width": 6},
        {"id": "kind", "type": "select", "label": words("结果", "Outcome"), "width": 6,
         "options": options(("open", "进行中", "Open"), ("lost", "丢单", "Lost"))},
        {"id": "why", "type": "text", "label": words("丢单原因", "Why lost"), "required": True,
         "visible": 'kind = "lost"'},
        {"id": "price", "type": "money", "label": words("单价", "Price"), "width": 4},
        {"id": "qty", "type": "number", "label": words("数量", "Quantity"), "scale": 0, "width": 4},
        {"id": "rate", "type": "percent", "label": words("折扣", "Discount"), "width": 4,
         "read_only_if": 'kind = "lost"'},
        {"id": "total", "type": "formula", "label": words("金额", "Amount"), "formula": "price * qty * (1 - rate)",
         "result": "money", "width": 6},
        {"id": "big", "type": "formula", "label": words("大单", "Big"), "formula": "total >= 1000",
         "result": "checkbox", "width": 6},
        {"id": "start", "type": "date", "label": words("开始", "Start"), "width": 6},
        {"id": "due", "type": "date", "label": words("截止", "Due"), "width": 6, "default": "start + 7",
         "valid": "ISBLANK(start) OR due >= start",
         "mend": words("截止早于开始：改晚一些，或把开始提前", "Due before start: choose a later day")},
        {"id": "lines", "type": "subform", "label": words("明细", "Lines"), "fields": [
            {"id": "item", "type": "text", "label": words("品名", "Item")},
            {"id": "amount", "type": "money", "label": words("金额", "Amount")}]},
        {"id": "lines_sum", "type": "formula", "label": words("明细合计", "Sum of lines"),
         "formula": "SUM(lines.amount)", "result": "money", "width": 6},
        {"id": "city", "type": "relation", "form": "city", "label": words("城市", "City"), "width": 6,
         "reverse": {"id": "offers", "label": words("报价", "Offers")}},
        {"id": "sent", "type": "formula", "label": words("含运费", "With fee"), "formula": "total + city.fee",
         "result": "money", "width": 6},
        {"id": "note", "type": "text", "label": words("备注", "Note"), "visible": 'PROPER(name) = "Ann"'},
        {"id": "nick", "type": "text", "label": words("简称", "Short name"), "visible": "LEN(name) > 5",
         "required_if": "total > 200 OR price > 200"},
        {"id": "margin", "type": "number", "label": words("毛利", "Margin")},
        {"id": "guarded", "type": "text", "label": words("内部", "Guarded"), "visible": "margin > 3"},
        {"id": "bonus", "type": "formula", "label": words("奖金", "Bonus"), "formula": "margin * 2"},
        {"id": "score", "type": "formula", "label": words("评级", "Score"), "formula": "margin * 3", "published": True},
        {"id": "praise", "type": "text", "label": words("表扬", "Praise"), "visible": "score > 3"},
        {"id": "checked", "type": "text", "label": words("核对", "Checked"), "valid": "margin < 100"},
    ],
}  # fmt: skip
ALL = ["view", "create", "edit"]
OFFERS = {
    "id": "offers",
    "version": "1.0.0",
    "name": words("报价", "Offers"),
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [CITY, OFFER],
    "roles": [
        {"id": "seller", "label": words("销售", "Seller"), "forms": {
            "offer": {"actions": ALL, "rows": "all", "fields": {"margin": "hidden"}},
            "city": {"actions": ALL, "rows": "all"}}},
        {"id": "local", "label": words("本地", "Local"), "forms": {
            "offer": {"actions": ALL, "rows": "all", "fields": {"margin": "hidden", "name": "masked"}},
            "city": {"actions": ["view", "create"], "rows": "own"}}},
    ],
    "links": [],
}  # fmt: skip
