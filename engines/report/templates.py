"""Each chart is drawn by Altair once per structure and kept as JSON with @marks@; a request only fills it.

Altair takes more than a second to import, so templates are made at set-up (`python -m engines.report.templates DIR`)
or, for a structure that is not there yet, by a child process.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .chart import Chart, Filling, Structure
from .charts import charts

ROOT = Path(__file__).parents[2]
Spec = dict[str, Any]


class Templates:
    """Templates of one folder, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Spec] = {}

    def spec(self, chart: Chart, structure: Structure, filling: Filling) -> Spec:
        """The Vega-Lite spec with its data; its colours are still $tokens."""
        filled: Spec = _filled(self._template(chart, structure), filling.marks)
        return filled | {"datasets": filled.get("datasets", {}) | {"rows": filling.data}}

    def _template(self, chart: Chart, structure: Structure) -> Spec:
        name = name_of(chart, structure)
        if name not in self._read:
            path = self.folder / name
            if not path.exists():
                command = [sys.executable, "-m", "engines.report.templates", str(self.folder)]
                subprocess.run(command, cwd=ROOT, check=True, timeout=120)  # noqa: S603  our own module
            self._read[name] = json.loads(path.read_text(encoding="utf-8"))
        return self._read[name]


def name_of(chart: Chart, structure: Structure) -> str:
    """`bar-stack_share-horizontal_no.json`"""
    parts = [f"{key}_{_word(value)}" for key, value in sorted(structure.items())]
    return "-".join([chart.type, *parts]) + ".json"


def make_all(folder: Path) -> int:
    """Every template of every chart; the number made."""
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    for chart in charts:
        for structure in chart.structures():
            spec = chart.build(structure).to_dict()
            spec.pop("config", None)
            text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
            part = folder / f".{name_of(chart, structure)}.part"
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name_of(chart, structure))
            made += 1
    return made


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _filled(node: Any, marks: dict[str, Any]) -> Any:
    if isinstance(node, str):
        return marks[node[1:-1]] if node[:1] == "@" == node[-1:] and node[1:-1] in marks else node
    if isinstance(node, list):
        return list(_spliced(node, marks))
    if isinstance(node, dict):
        return {key: _filled(value, marks) for key, value in node.items()}
    return node


def _spliced(nodes: list[Any], marks: dict[str, Any]) -> Iterator[Any]:
    """A list mark inside a list stands for its values."""
    for node in nodes:
        value = _filled(node, marks)
        if isinstance(node, str) and isinstance(value, list):
            yield from value
        else:
            yield value


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
