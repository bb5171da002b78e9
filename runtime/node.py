"""The browser's half of the formula language in a Node process, asked line by line: for commands and tests."""

import json
import subprocess
from pathlib import Path
from typing import Any

from engines.core.formula.browser import given_of, key_of, keys_of, to_browser
from engines.core.formula.check import Checked
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault

HERE = Path(__file__).parent


class Node:
    """A running Node; `close` ends it."""

    def __init__(self, command: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603  the machine's own Node
            [command, str(HERE / "node.mjs")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def ask(self, **question: Any) -> Any:
        """What node.mjs says to a question; RuntimeError with its stack when it broke."""
        into, out = self.process.stdin, self.process.stdout
        if into is None or out is None:
            raise RuntimeError("Node has no pipes")
        into.write(json.dumps(question) + "\n")
        into.flush()
        answer = json.loads(out.readline())
        if "broken" in answer:
            raise RuntimeError(answer["broken"])
        return answer["ok"]

    def answers(self, checked: Checked, rows: list[dict[str, Any]], env: Env) -> list[Any]:
        """A stored value or a FormulaFault for each row of facts."""
        keys = keys_of(checked)
        facts = [asked(checked, row, env, keys) for row in rows]
        found = self.ask(tree=to_browser(checked.tree, keys), rows=facts, now=env.now, zone=env.zone)
        return [FormulaFault(one["fault"]) if "fault" in one else stored(one["value"]) for one in found]

    def close(self) -> None:
        self.process.communicate("")


def asked(checked: Checked, row: dict[str, Any], env: Env, keys: dict[str, str]) -> dict[str, Any]:
    """The facts of a row as a page has them: fields, and given values under keys of their own."""
    given = {keys[key]: row.get(key) for key, term in given_of(checked).items() if term.op in ("path", "aggregate")}
    context = {"CURRENT_USER": env.user, "CURRENT_ROLE": env.roles[0] if env.roles else None}
    given |= {keys[name]: value for name, value in context.items() if name in keys}
    given |= {
        keys[key_of(term)]: term.value in (env.roles if term.op == "HAS_ROLE" else env.departments)
        for term in given_of(checked).values()
        if term.op in ("HAS_ROLE", "IN_DEPARTMENT")
    }
    return {name: row.get(name) for name in checked.fields} | given


def stored(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
