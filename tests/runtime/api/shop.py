"""The app that HTTP tests use: buyers and their sales, with a rule, a hidden field and roles that differ."""


def label(zh, en):
    return {"zh": zh, "en": en}


BUYER = {
    "id": "buyer",
    "label": label("买家", "Buyers"),
    "fields": [
        {"id": "name", "type": "text", "label": label("名字", "Name"), "required": True, "max_length": 20},
        {"id": "phone", "type": "text", "label": label("电话", "Phone"), "unique": True},
        {"id": "total", "type": "money", "label": label("消费", "Spent"), "min": 0},
        {"id": "born", "type": "date", "label": label("生日", "Birthday")},
        {
            "id": "source",
            "type": "select",
            "label": label("来源", "Source"),
            "options": [
                {"id": "live", "label": label("直播间", "Live room")},
                {"id": "card", "label": label("包裹卡", "Parcel card")},
            ],
        },
        {"id": "marks", "type": "tags", "label": label("标记", "Marks"), "options": [
            {"id": "good", "label": label("好", "Good")}, {"id": "vip", "label": label("贵宾", "VIP")}]},
        {"id": "cost", "type": "number", "label": label("成本", "Cost")},
        {"id": "seller", "type": "person", "label": label("客服", "Seller")},
        {"id": "first", "type": "formula", "label": label("首字", "Initial"), "formula": "LEFT(name, 1)",
         "result": "text"},
    ],
}  # fmt: skip
SALE = {
    "id": "sale",
    "label": label("订单", "Sales"),
    "fields": [
        {"id": "no", "type": "text", "label": label("单号", "No."), "required": True},
        {"id": "buyer", "type": "relation", "label": label("买家", "Buyer"), "form": "buyer",
         "reverse": {"id": "sales", "label": label("订单", "Sales")}},
        {"id": "amount", "type": "money", "label": label("金额", "Amount")},
    ],
}  # fmt: skip
RULES = [
    {
        "id": "vip",
        "label": label("满 5000 是贵宾", "VIP above 5000"),
        "form": "buyer",
        "kind": "state",
        "when": "total > 5000",
        "then": [{"type": "add_tag", "field": "marks", "tag": "vip"}],
    }
]
ROLES = [
    {"id": "clerk", "label": label("店员", "Clerk"), "forms": {"*": {"actions": "*", "rows": "all"}}},
    {"id": "reader", "label": label("看", "Reader"),
     "forms": {"buyer": {"actions": ["view", "history"], "rows": "all", "fields": {"cost": "hidden"}}}},
    {"id": "own", "label": label("自己", "Own"), "forms": {"buyer": {"actions": ["view", "create"], "rows": "own"}}},
]  # fmt: skip
SHOP = {
    "id": "shop",
    "version": "1.0.0",
    "name": label("小店", "Shop"),
    "languages": ["zh", "en"],
    "zone": "Asia/Shanghai",
    "forms": [BUYER, SALE],
    "rules": RULES,
    "roles": ROLES,
}
