"""One way of several: the first edge whose condition holds, else the one marked `else`."""

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

from ..base import Node, node_types
from ..compile import Flow, Problem, called, words
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
    group = "ways"
    port_labels = {"else": {"zh": "否则", "en": "Otherwise"}}
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
                (
                    "",
                    words(
                        "「{a}」没有「否则」分支：加上它，哪条都不符合时走那里",
                        "no branch for the rest at '{a}': add 'otherwise'",
                        a=called(settings),
                    ),
                )
            )
        if any(not edge.get("when") for edge in edges if edge.get("port") != "else"):
            found.append(
                (
                    "",
                    words(
                        "「{a}」有一条分支没有条件：写上条件，或删掉这条分支",
                        "a branch of '{a}' has no condition: write one, or remove the branch",
                        a=called(settings),
                    ),
                )
            )
        return found
