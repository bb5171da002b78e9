"""Several ways at once: each edge gets a token of its own; with conditions, those that hold."""

from engines.core.kernel.kind import Definition

from ..base import Node, node_types
from ..compile import Flow, Problem, words
from ..step import Step, Token


@node_types.register
class Fork(Node):
    type = "fork"
    label = {"zh": "同时进行", "en": "At the same time"}
    icon = "fork"
    splits = True
    examples = [({},)]

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        edges = step.flow.out.get(token.node, [])
        chosen = [e for e in edges if e.get("port") != "else" and (not e.get("when") or step.ask(e["when"]))]
        chosen = chosen or [edge for edge in edges if edge.get("port") == "else"]
        step.split(token, [edge["to"] for edge in chosen])

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        edges = flow.out.get(settings["id"], [])
        if len(edges) < 2:
            return [("", words("至少要分出两条线", "at least two edges must leave here"))]
        if all(edge.get("when") for edge in edges):
            return [
                (
                    "",
                    words(
                        "条件都不成立时走不下去：加一条出口为 else 的线",
                        "no way on when no condition holds: add 'else'",
                    ),
                )
            ]
        return []
