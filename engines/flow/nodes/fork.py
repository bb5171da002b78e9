"""Several ways at once: each edge gets a token of its own; with conditions, those that hold."""

from engines.core.kernel.kind import Definition

from ..base import Node, node_types
from ..compile import Flow, Problem, called, words
from ..step import Step, Token


@node_types.register
class Fork(Node):
    type = "fork"
    label = {"zh": "同时进行", "en": "At the same time"}
    icon = "fork"
    splits = True
    group = "ways"
    meets = "join"
    port_labels = {"else": {"zh": "否则", "en": "Otherwise"}}
    examples = [({},)]

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        edges = step.flow.out.get(token.node, [])
        chosen = [e for e in edges if e.get("port") != "else" and (not e.get("when") or step.ask(e["when"]))]
        chosen = chosen or [edge for edge in edges if edge.get("port") == "else"]
        step.split(token, [edge["to"] for edge in chosen])

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        edges = flow.out.get(settings["id"], [])
        if len(edges) < 2:
            return [
                (
                    "",
                    words(
                        "「{a}」至少要分出两条：加一条分支",
                        "at least two ways must leave '{a}': add a branch",
                        a=called(settings),
                    ),
                )
            ]
        if all(edge.get("when") for edge in edges):
            return [
                (
                    "",
                    words(
                        "「{a}」的条件都不成立时走不下去：加上「否则」",
                        "no way on from '{a}' when no condition holds: add 'otherwise'",
                        a=called(settings),
                    ),
                )
            ]
        return []
