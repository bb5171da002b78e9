"""Where the ways of a fork meet again; a branch that ended elsewhere is not waited for."""

from engines.core.actions.told import Names, plain, said
from engines.core.kernel.kind import Definition, Label

from ..base import START, Node, node_types
from ..compile import Flow, Problem, called, reachable, words
from ..step import JOINED, Step, Token

WAITS: list[Definition] = [
    {"id": "all", "label": {"zh": "全部到齐", "en": "All"}},
    {"id": "first", "label": {"zh": "第一个到", "en": "The first"}},
    {"id": "some", "label": {"zh": "到够几个", "en": "Some"}},
]


@node_types.register
class Join(Node):
    """`wait`: all, first or some (`count` of them). Those that are not waited for are stopped unless `keep_rest`."""

    type = "join"
    label = {"zh": "汇合", "en": "Meet"}
    icon = "join"
    offered = False
    config = [
        {"id": "wait", "type": "select", "label": {"zh": "等谁", "en": "Wait for"}, "options": WAITS},
        {"id": "count", "type": "number", "label": {"zh": "几个", "en": "How many"}, "min": 1, "max": 100, "scale": 0},
        {"id": "keep_rest", "type": "checkbox", "label": {"zh": "其余继续进行", "en": "Let the rest go on"}},
    ]
    examples = [({"wait": "all"},), ({"wait": "some", "count": 2},)]

    def line(self, settings: Definition, names: Names) -> Label:
        wait = settings.get("wait", "all")
        if wait == "some":
            return said("到够 {n} 个", "{n} of them", n=plain(settings.get("count", "?")))
        return next((dict(one["label"]) for one in WAITS if one["id"] == wait), {})

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        if not token.fork:
            return step.leave(token, "")
        return step.join(token)

    def release(self, step: Step, token: Token, settings: Definition) -> None:
        """Called whenever something moved: is it time to go on?"""
        others = step.siblings(token)
        here = [token, *(o for o in others if o.state == JOINED and o.node == token.node and o.fork == token.fork)]
        coming = [other for other in others if other.state != JOINED]
        if coming and len(here) < _needed(settings):
            return
        if not settings.get("keep_rest"):
            for other in coming:
                step.drop(other)
        step.merge(here, "")

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        if settings.get("wait") == "some" and not settings.get("count"):
            return [("/count", words("「{a}」：写明要到几个", "'{a}': say how many must come", a=called(settings)))]
        begun = reachable(flow, START)
        forks = [name for name, node in flow.nodes.items() if node["type"] == "fork" and name in begun]
        if not any(settings["id"] in reachable(flow, fork) for fork in forks):
            return [
                (
                    "",
                    words(
                        "「{a}」前面没有「同时进行」，没有可等的：删掉它",
                        "no fork leads here, so '{a}' has nothing to wait for: remove it",
                        a=called(settings),
                    ),
                )
            ]
        return []


def _needed(settings: Definition) -> int:
    wait = settings.get("wait", "all")
    if wait == "first":
        return 1
    return int(settings["count"]) if wait == "some" else 1_000_000
