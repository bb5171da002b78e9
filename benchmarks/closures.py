"""A thousand conditions in the browser's half of the language, against those written by hand and in json-logic."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from engines.core.formula.browser import to_browser
from engines.core.formula.check import check
from engines.core.formula.names import PlainNames
from engines.core.formula.types import BOOLEAN, NUMBER, TEXT

HERE = Path(__file__).parent
RULES, RECORDS, FIELDS = 1000, 40, 20
NODE = shutil.which("node")
KINDS = {"n": NUMBER, "t": TEXT, "b": BOOLEAN}
NAMES = PlainNames.of(**{f"{kind}{n}": KINDS[kind] for kind in KINDS for n in range(FIELDS)})


def measures() -> Iterator[tuple[str, float, str, str]]:
    """(what, ratio, goal, more) for each comparison; json-logic only where it is installed."""
    random = Random(7)  # noqa: S311  numbers to reckon with
    rules = [rule(random) for _ in range(RULES)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "hand.mjs").write_text(by_hand(rules), encoding="utf-8")
        given = {
            "trees": [to_browser(check(text_of(*one), NAMES).tree, {}) for one in rules],
            "logic": [logic_of(*one) for one in rules],
            "records": [record(random) for _ in range(RECORDS)],
        }
        (place / "given.json").write_text(json.dumps(given), encoding="utf-8")
        command = [str(NODE), str(HERE / "closures.mjs"), str(place)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours, hand, logic = (found[name] for name in ("ours", "hand", "logic"))
    yield "1000 closures : JavaScript by hand", ours / hand, "<= 3", f"{ours:.1f} us : {hand:.1f} us a record"
    if logic is None:
        print("json-logic: not installed here (npm install --prefix benchmarks/peers)")
    else:
        yield "json-logic : 1000 closures", logic / ours, ">= 8", f"{logic:.1f} us : {ours:.1f} us a record"


def rule(random: Random) -> tuple[Any, ...]:
    """Three fields of numbers, one of texts, one of yes or no, and what they are compared with."""
    at = [random.randrange(FIELDS) for _ in range(4)]
    return (*at, random.randrange(100), random.randrange(100), f"v{random.randrange(8)}", f"v{random.randrange(8)}")


def text_of(n: int, m: int, t: int, b: int, low: int, high: int, one: str, other: str) -> str:
    return f'n{n} > {low} AND (t{t} = "{one}" OR n{m} <= {high}) AND (t{t} <> "{other}" OR b{b})'


def logic_of(n: int, m: int, t: int, b: int, low: int, high: int, one: str, other: str) -> Any:
    def var(name: str) -> Any:
        return {"var": name}

    first, second = {"===": [var(f"t{t}"), one]}, {"<=": [var(f"n{m}"), high]}
    third, fourth = {"!==": [var(f"t{t}"), other]}, var(f"b{b}")
    return {"and": [{">": [var(f"n{n}"), low]}, {"or": [first, second]}, {"or": [third, fourth]}]}


def by_hand(rules: list[tuple[Any, ...]]) -> str:
    lines = [
        f'  (r) => r.n{n} > {low} && (r.t{t} === "{one}" || r.n{m} <= {high})'
        f' && (r.t{t} !== "{other}" || r.b{b} === 1),'
        for n, m, t, b, low, high, one, other in rules
    ]
    return "\n".join(["export const rules = [", *lines, "];", ""])


def record(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {f"n{n}": random.randrange(100) for n in range(FIELDS)}
    made |= {f"t{n}": f"v{random.randrange(8)}" for n in range(FIELDS)}
    return made | {f"b{n}": random.randrange(2) for n in range(FIELDS)}
