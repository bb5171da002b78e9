"""A recipe is data: read, checked against its schema and against the app that it fills."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engines.apps import schemas
from engines.apps.schemas import Problem
from engines.core.kernel.errors import BadDefinition
from engines.core.kernel.kind import Definition
from engines.core.records.spots import missing
from engines.form.compile import Form


def read_recipe(folder: Path) -> Definition | None:
    """The `demo.json` of an app's folder; None when it has none."""
    path = folder / "demo.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def check_recipe(recipe: Definition, forms: dict[str, Form]) -> None:
    """BadDefinition with every problem and its path."""
    problems = [*schemas.problems("demo", recipe, "")]
    if not problems:
        for i, batch in enumerate(recipe["make"]):
            problems += _batch(batch, recipe["make"][:i], forms, f"/make/{i}")
    if problems:
        raise BadDefinition(problems)


def _batch(batch: Definition, before: list[Definition], forms: dict[str, Form], path: str) -> Iterator[Problem]:
    known = {one["id"] for one in before}
    named = {*_named(batch, "one_of"), *_named(batch, "many_of"), *([batch["per"]] if "per" in batch else [])}
    for name in sorted(named - known):
        words = {"zh": f"前面没有「{name}」这一批", "en": f"there is no batch '{name}' before this one"}
        yield path, words
    if "form" not in batch:
        return
    if batch["form"] not in forms:
        yield f"{path}/form", missing(batch["form"])
        return
    fields = forms[batch["form"]].fields
    for name in sorted({*batch.get("set", {}), *batch.get("rows", {})} - fields.keys()):
        yield f"{path}/set/{name}", missing(name)


def _named(part: Any, word: str) -> Iterator[str]:
    """Every `{word: name}` inside."""
    if isinstance(part, dict):
        if isinstance(part.get(word), str):
            yield part[word]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _named(inner, word)
