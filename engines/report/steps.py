"""What funnels share: the counts of all steps in one SELECT, and the frame that shows them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engines.core.kernel.kind import Label

from .facts import counts
from .frame import Column, Frame
from .query import Part

if TYPE_CHECKING:
    from .run import Running


def counted(running: "Running", parts: Sequence[Part]) -> list[int]:
    """One number a part, under the report's conditions and parameters."""
    return counts(running.asking, parts, running.chosen.all())


def steps_frame(running: "Running", steps: Sequence[tuple[str, Label]], numbers: Sequence[int]) -> Frame:
    """A row a step: its count, its share of the first and of the step before; the largest loss is told in a note."""
    name = running.app.form(running.report.dataset.source.form).definition["label"]
    columns = [
        Column("step", {"zh": "步骤", "en": "Step"}, "choice", "dimension", labels=dict(steps)),
        Column("count", name, "number", "measure", "number"),
        Column("of_first", {"zh": "占第一步", "en": "Of the first"}, "number", "share", "percent", of="count"),
        Column("of_previous", {"zh": "占上一步", "en": "Of the step before"}, "number", "share", "percent", of="count"),
    ]
    rows = []
    for n, (step, _) in enumerate(steps):
        before = numbers[n - 1] if n else numbers[0]
        rows.append([step, numbers[n], _share(numbers[n], numbers[0]), _share(numbers[n], before)])
    return Frame(columns, rows, notes=_loss(steps, rows))


def _share(part: int, whole: int) -> float | None:
    return float(f"{part / whole:.15g}") if whole else None


def _loss(steps: Sequence[tuple[str, Label]], rows: list[list[object]]) -> list[Label]:
    """`Most are lost from asked to bought: 67.2 % go no further.`"""
    kept = [(row[3], n) for n, row in enumerate(rows) if n and isinstance(row[3], float)]
    if not kept:
        return []
    share, n = min(kept)
    lost = f"{(1 - share) * 100:.1f}%"
    words: Label = {}
    for language, text in (
        ("zh", "流失最多：{a} → {b}，{lost} 未继续"),
        ("en", "Most are lost from {a} to {b}: {lost}"),
    ):
        a, b = (_said(steps[at][1], language) for at in (n - 1, n))
        words[language] = text.format(a=a, b=b, lost=lost)
    return [words]


def _said(label: Label, language: str) -> str:
    return label.get(language) or next(iter(label.values()))
