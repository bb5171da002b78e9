"""One way of several: the first edge whose condition holds, else the one marked `else`."""

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

from ..base import Node, node_types
from ..compile import Flow, Problem, words
from ..step import Step, Token


class NoBranch(AppError):
    code = "no_branch"
    words = {
        "zh": "「{node}」没有一个条件成立，也没有「其他」分支",
        "en": "No branch of '{node}' matches, and there is no branch for the rest",
    }


@node_types.register
class Branch(Node):
    """The conditions stand on its edges, tried in their order."""

    type = "branch"
    label = {"zh": "条件分支", "en": "Branch"}
    icon = "branch"
    splits = True
    examples = [({},)]

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        edges = step.flow.out.get(token.node, [])
        for edge in [e for e in edges if e.get("port") != "else"]:
            if step.ask(edge["when"]):
                return step.to(token, edge["to"])
        for edge in edges:
            if edge.get("port") == "else":
                return step.to(token, edge["to"])
        raise NoBranch(node=token.node)

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        edges = flow.out.get(settings["id"], [])
        found = []
        if not any(edge.get("port") == "else" for edge in edges):
            found.append(
                ("", words("没有「其他」分支：加一条出口为 else 的线", "no branch for the rest: add an edge by 'else'"))
            )
        if any(not edge.get("when") for edge in edges if edge.get("port") != "else"):
            found.append(("", words("除「其他」外，每条分支都要有条件", "every branch but the rest needs a condition")))
        return found
