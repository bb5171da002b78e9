"""`make agree N=5000`: random formulas on all four back ends; what differs is made small and kept as a test case."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = "tests/engines/formula/test_agreement.py"
KEPT = ROOT / "tests" / "data" / "formula_found.json"
NOTE = ROOT / "var" / "formula_differs.txt"
USUAL = "1000"


def main(arguments: list[str]) -> int:
    """`[N [SEED]]`: how many formulas, and where to start; another seed asks others. 0 when no back end differs."""
    count, seed = (arguments + [USUAL, "11"][len(arguments) :])[:2]
    NOTE.parent.mkdir(exist_ok=True)
    NOTE.unlink(missing_ok=True)
    env = os.environ | {"DOUGONG_AGREE": count, "DOUGONG_SEED": seed, "DOUGONG_DIFFERS": str(NOTE)}
    print(f"{count} formulas from seed {seed}", flush=True)
    failed = subprocess.call([sys.executable, "-m", "pytest", "-q", TEST], cwd=ROOT, env=env)
    if NOTE.exists():
        keep(NOTE.read_text(encoding="utf-8"))
    return failed


def keep(text: str) -> None:
    """Among the cases that every test run asks from now on."""
    formulas = json.loads(KEPT.read_text(encoding="utf-8"))["formulas"]
    if text not in formulas:
        made = json.dumps({"formulas": [*formulas, text]}, ensure_ascii=False, indent=1)
        KEPT.write_text(made + "\n", encoding="utf-8")
        print(f"kept in {KEPT.relative_to(ROOT)}: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
