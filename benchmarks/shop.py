"""The definition that the benches run on: one form of ten fields with twenty rules and a flow on new records."""

from typing import Any


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


CITIES = ["Berlin", "Paris", "Rome", "Oslo", "Wien", "Bern", "Lima", "Kyiv", "Riga", "Baku"]
SOURCES = ["web", "shop", "fair", "friend"]
TAGS = ["new", "vip", "asleep", "nice"]


def options(names: list[str]) -> list[dict[str, Any]]:
    return [{"id": name.lower(), "label": label(name)} for name in names]


FIELDS: list[dict[str, Any]] = [
    {"id": "name", "type": "text", "label": label("Name"), "required": True, "max_length": 80},
    {"id": "phone", "type": "text", "label": label("Phone"), "max_length": 40},
    {"id": "email", "type": "email", "label": label("Mail")},
    {"id": "source", "type": "select", "label": label("Source"), "options": options(SOURCES)},
    {"id": "city", "type": "select", "label": label("City"), "options": options(CITIES)},
    {"id": "spend", "type": "money", "label": label("Spend"), "min": 0},
    {"id": "visits", "type": "number", "label": label("Visits"), "scale": 0},
    {"id": "seen", "type": "date", "label": label("Seen")},
    {"id": "note", "type": "text", "label": label("Note"), "max_length": 400},
    {"id": "score", "type": "number", "label": label("Score")},
]
GIVEN = {"id": "tags", "type": "tags", "label": label("Tags"), "options": options(TAGS)}


def rules(count: int) -> list[dict[str, Any]]:
    """State rules with three terms each, of which a few hold."""
    return [
        {
            "id": f"r{n}",
            "label": label(f"Rule {n}"),
            "form": "buyer",
            "kind": "state",
            "when": f'spend > {n * 700} AND (city = "{city}" OR visits >= {n + 3}) AND source <> "fair"',
            "then": [{"type": "add_tag", "field": "tags", "tag": TAGS[n % 4]}],
        }
        for n, city in enumerate(CITIES[n % 10].lower() for n in range(count))
    ]


GREET: dict[str, Any] = {
    "id": "greet",
    "label": label("Greet"),
    "form": "buyer",
    "trigger": {"type": "record_created"},
    "nodes": [
        {
            "id": "note",
            "type": "action",
            "label": label("Note"),
            "do": {"type": "set_field", "values": [{"field": "note", "value": "greeted"}]},
        },
        {"id": "done", "type": "end", "label": label("End"), "state": "done"},
    ],
    "edges": [{"id": "e1", "from": "start", "to": "note"}, {"id": "e2", "from": "note", "to": "done"}],
}


def app(*, ruled: bool) -> dict[str, Any]:
    """With twenty rules and a tags field for them, or the bare form of ten fields."""
    by_spend = {"id": "top", "label": label("Top"), "sort": [["spend", "desc"]]}
    fields = [*FIELDS, GIVEN] if ruled else FIELDS
    form = {"id": "buyer", "label": label("Buyer"), "title": "name", "fields": fields, "views": [by_spend]}
    return {
        "id": "ruled" if ruled else "bare",
        "version": "1.0.0",
        "name": label("Bench"),
        "languages": ["zh", "en"],
        "zone": "Asia/Shanghai",
        "forms": [form],
        "rules": rules(20) if ruled else [],
        "flows": [GREET] if ruled else [],
    }


def record(n: int) -> dict[str, Any]:
    """The n-th record, as a page or the API sends it."""
    return {
        "name": f"Person {n}",
        "phone": f"100{n:08d}",
        "email": f"p{n}@mail.example",
        "source": SOURCES[n % 4],
        "city": CITIES[n * 7 % 10].lower(),
        "spend": f"{n * 37 % 15000}.50",
        "visits": n % 40,
        "seen": f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
        "note": "seen at the fair" if n % 3 else "",
        "score": n % 100 / 10,
    }
