"""A small app with most kinds of fields, for tests of pages."""


def words(zh, en):
    return {"zh": zh, "en": en}


def options(*pairs):
    return [{"id": i, "label": words(zh, en)} for i, zh, en in pairs]


BUYER = {
    "id": "buyer",
    "label": words("买家", "Buyers"),
    "one": words("买家", "buyer"),
    "title": "name",
    "icon": "users",
    "fields": [
        {"id": "name", "type": "text", "label": words("名字", "Name"), "required": True, "max_length": 20, "width": 6},
        {"id": "kind", "type": "select", "label": words("类型", "Kind"), "default": '"new"',
         "options": options(("new", "新客", "New"), ("old", "老客", "Old"), ("lost", "流失", "Lost"))},
        {"id": "tags", "type": "tags", "label": words("标签", "Tags"),
         "options": options(("vip", "贵宾", "VIP"), ("slow", "慢热", "Slow"))},
        {"id": "phone", "type": "phone", "label": words("电话", "Phone")},
        {"id": "born", "type": "date", "label": words("生日", "Born")},
        {"id": "seen", "type": "datetime", "label": words("最近来访", "Seen")},
        {"id": "score", "type": "number", "label": words("积分", "Score"), "scale": 0},
        {"id": "limit", "type": "money", "label": words("额度", "Limit")},
        {"id": "owner", "type": "person", "label": words("负责人", "Owner")},
        {"id": "regular", "type": "checkbox", "label": words("常客", "Regular")},
        {"id": "why_lost", "type": "text", "label": words("流失原因", "Why lost"), "required": True,
         "visible": 'kind = "lost"'},
        {"id": "photo", "type": "image", "label": words("照片", "Photo"), "multiple": True},
        {"id": "spent", "type": "rollup", "label": words("累计", "Spent"), "relation": "sales", "aggregate": "sum",
         "field": "amount", "result": "money"},
    ],
    "layout": [{"id": "main", "label": words("基本", "Basics"), "fields": ["name", "kind", "why_lost"]}],
    "views": [
        {"id": "vips", "label": words("贵宾", "VIPs"), "filter": [{"field": "tags", "op": "has", "value": "vip"}]},
    ],
}  # fmt: skip
SALE = {
    "id": "sale",
    "label": words("订单", "Sales"),
    "title": "number",
    "fields": [
        {"id": "number", "type": "autonumber", "label": words("单号", "Number"), "format": "S-{0000}"},
        {"id": "buyer", "type": "relation", "form": "buyer", "label": words("买家", "Buyer"), "required": True,
         "reverse": {"id": "sales", "label": words("订单", "Sales")}},
        {"id": "amount", "type": "money", "label": words("金额", "Amount"), "min": 0},
        {"id": "lines", "type": "subform", "label": words("明细", "Lines"), "fields": [
            {"id": "item", "type": "text", "label": words("品名", "Item"), "required": True},
            {"id": "qty", "type": "number", "label": words("数量", "Quantity"), "min": 1}]},
    ],
}  # fmt: skip
RULE = {
    "id": "big",
    "label": words("大额买家", "Big buyer"),
    "form": "buyer",
    "kind": "state",
    "when": "spent > 1000",
    "then": [{"type": "add_tag", "field": "tags", "tag": "vip"}],
}
SHOP = {
    "id": "shop",
    "version": "1.0.0",
    "name": words("小店", "Shop"),
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [BUYER, SALE],
    "rules": [RULE],
}
