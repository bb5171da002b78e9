"""The records behind a mark as a condition of the list page: an address names the mark, and what it means is worked out
anew for each reader, under the reader's own rights."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import Any

from engines.apps.catalog import App
from engines.core.kernel.kind import Label
from engines.core.kernel.work import Look
from engines.core.records.query import Where
from engines.report import periods
from engines.report.cuts import OPS, Cut
from engines.report.drill import drill
from engines.report.errors import BadParam
from engines.report.levels import leveled
from engines.report.model import Report

LONGEST = 64_000


@dataclass(frozen=True)
class Behind:
    """`form` and `where` are the records; `title` the report, `words` the mark in it; `given` what the token holds."""

    form: str
    where: tuple[Where, ...]
    title: Label
    words: Label
    given: dict[str, Any]


def token(given: dict[str, Any]) -> str:
    """{report, params, cuts, mark, level} as an address carries it; empty parts are left out."""
    text = json.dumps({name: value for name, value in given.items() if value}, ensure_ascii=False, sort_keys=True)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def behind(look: Look, app: App, text: str) -> Behind:
    """What a token means to this reader; BadParam for one that says nothing, Hidden for what may not be read."""
    given = _read(text)
    cuts = cuts_in(given.get("cuts", []))
    report = leveled(app, str(given["report"]), given.get("level", {}))
    found = drill(look, app, report.definition, given.get("params", {}), given.get("mark", {}), cuts=cuts)
    return Behind(found.form, found.where, report.title, _words(report, given, found.sentence), given)


def cuts_in(found: Any) -> list[Cut]:
    """Conditions from an address; BadParam for what is none."""
    try:
        cuts = [Cut(str(name), str(op), value) for name, op, value in found]
    except (ValueError, TypeError):
        raise BadParam(param="cuts", value=str(found)[:80]) from None
    for cut in cuts:
        if cut.op not in OPS or cut.op == "period":
            raise BadParam(param="cuts", value=cut.op)
    return cuts


def _read(text: str) -> dict[str, Any]:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = json.loads(zlib.decompressobj().decompress(packed, LONGEST))
    except (binascii.Error, zlib.error, ValueError):
        raise BadParam(param="mark", value=text[:40]) from None
    if not isinstance(found, dict) or "report" not in found or not isinstance(found.get("level", {}), dict):
        raise BadParam(param="mark", value=text[:40])
    return found


def _words(report: Report, given: dict[str, Any], sentence: Label) -> Label:
    """The period first, where there is one: it narrows the records as much as the mark does."""
    span = given.get("params", {}).get("period", report.definition.get("period"))
    if not span or span == "all":
        return sentence
    return {lang: f"{periods.words(span)[lang]} · {sentence[lang]}" for lang in ("zh", "en")}
