"""The app and the little world that the access tests share."""

from dataclasses import dataclass, field
from typing import Any

from engines.apps.catalog import App
from engines.apps.platform import SYSTEM, Platform
from engines.core.access import commands
from engines.core.kernel.work import Actor
from engines.core.records import query


def label(text: str) -> dict[str, str]:
    return {"en": text}


def role(name: str, actions: Any, **rest: Any) -> dict[str, Any]:
    return {"id": name, "label": label(name), "forms": {"deal": {"actions": actions, **rest}}}


CAREFUL = {"cost": "hidden", "phone": "masked", "marks": "hidden"}
ONCE = {"amount": "write_once", "*": "read", "title": "write"}
APP = {
    "id": "shop",
    "version": "1.0.0",
    "name": label("Shop"),
    "languages": ["en"],
    "zone": "UTC",
    "forms": [
        {
            "id": "deal",
            "label": label("Deal"),
            "fields": [
                {"id": "title", "type": "text", "label": label("Title")},
                {"id": "amount", "type": "number", "label": label("Amount")},
                {"id": "cost", "type": "number", "label": label("Cost")},
                {"id": "phone", "type": "text", "label": label("Phone")},
                {"id": "marks", "type": "tags", "label": label("Marks"), "options": [
                    {"id": "hot", "label": label("Hot")}, {"id": "cold", "label": label("Cold")}]},
            ],
        },
        {"id": "note", "label": label("Note"), "fields": [{"id": "text", "type": "text", "label": label("Text")}]},
    ],
    "roles": [
        role("maker", ["create", "edit", "view"], rows="all"),
        role("own", ["view"], rows="own"),
        role("team", ["view"], rows="department"),
        role("below", ["view"], rows="department_below"),
        role("all", ["view"], rows="all"),
        role("careful", ["view", "edit", "history"], rows="all", fields=CAREFUL),
        role("once", ["view", "create", "edit"], rows="all", fields=ONCE),
        role("large", ["view"], rows={"formula": "amount > 100 AND title <> \"no\""}),
        role("mine", ["view"], rows={"formula": "created_by = CURRENT_USER()"}),
        role("editor_of_own", ["view", "edit", "delete"], rows="own"),
        role("historian", ["view", "history"], rows="all"),
        role("clerk", ["create"], rows="own"),
        {**role("chief", "*", rows="all"), "build": True, "dashboards": ["sales"]},
    ],
}  # fmt: skip


@dataclass
class House:
    platform: Platform
    app: App
    who: dict[str, Actor]
    at: dict[str, int]
    deals: dict[str, int] = field(default_factory=dict)

    @property
    def deal(self) -> Any:
        return self.platform.look(SYSTEM, lambda look: look.apps.form("shop", "deal"))

    def give(self, name: str, *roles: str, app: str = "shop") -> None:
        for one in roles:
            self.platform.run(SYSTEM, lambda uow, one=one: commands.give(uow, self.who[name].id, app, one))

    def take(self, name: str, one: str, app: str = "shop") -> None:
        self.platform.run(SYSTEM, lambda uow: commands.take(uow, self.who[name].id, app, one))

    def as_(self, name: str, fn: Any) -> Any:
        return self.platform.look(self.who[name], fn)

    def sees(self, name: str) -> set[str]:
        """Whose deals the person gets in a list."""
        page = self.as_(name, lambda look: query.page(look, self.deal.source, query.Ask()))
        made = {number: who for who, number in self.deals.items()}
        return {made[row["_id"]] for row in page.rows}
