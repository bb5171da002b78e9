"""An app as a folder of readable JSON, one file per part; joined it is one definition."""

import json
from pathlib import Path

from engines.core.kernel.kind import Definition

from .catalog import PARTS


def read_folder(folder: Path) -> Definition:
    """`app.json` and a folder for each kind of part; `order` in app.json names the parts in order."""
    app = _read(folder / "app.json")
    order: dict[str, list[str]] = app.pop("order", {})
    for kind in PARTS:
        if (folder / kind).is_dir():
            found = {path.stem: _read(path) for path in sorted((folder / kind).glob("*.json"))}
            names = [*order.get(kind, ()), *(n for n in found if n not in order.get(kind, ()))]
            app[kind] = [found[name] for name in names]
    return app


def _read(path: Path) -> Definition:
    part: Definition = json.loads(path.read_text(encoding="utf-8"))
    part.pop("$schema", None)
    return part
