"""Random flows: made by the commands themselves, tangled by jumps, or any graph at all as an import may bring it."""

import random

from builder_ui.flows import commands

KINDS = ("approve", "handle", "cc", "wait", "branch", "fork", "action")
WEIGHTS = (4, 2, 2, 1, 3, 1, 2)


def blank():
    return {
        "id": "f",
        "label": {"en": "F"},
        "form": "deal",
        "trigger": {"type": "button"},
        "nodes": [{"id": "end", "type": "end"}],
        "edges": [{"id": "e1", "from": "start", "to": "end"}],
    }


def grown(seed, size, tangle=0):
    """About `size` steps made by inserting, then `tangle` lines turned to anywhere."""
    r, flow = random.Random(seed), blank()
    while len(flow["nodes"]) < size:
        edge = r.choice(flow["edges"][-40:] if r.random() < 0.7 else flow["edges"])
        node = {"type": r.choices(KINDS, WEIGHTS)[0]}
        if node["type"] == "action":
            node["do"] = {"type": "set_field", "values": [{"field": "stage", "value": "won"}]}
        flow, _ = commands.insert(flow, [edge["id"]], node)
    for _ in range(tangle):
        flow, _ = commands.jump(flow, r.choice(flow["edges"])["id"], r.choice(flow["nodes"])["id"])
    return flow


def any_graph(seed):
    """Steps that are all reached, and lines from anywhere to anywhere."""
    r = random.Random(seed)
    names = ["start", *(f"k{n}" for n in range(r.randint(3, 40)))]
    pairs = [(r.choice(names[:n]), names[n]) for n in range(1, len(names))]
    pairs += [(r.choice(names), r.choice(names[1:])) for _ in range(len(names) // 2)]
    edges = [{"id": f"e{n}", "from": one, "to": other} for n, (one, other) in enumerate(pairs)]
    return blank() | {"nodes": [{"id": n, "type": "handle"} for n in names[1:]], "edges": edges}


def random_flow(seed):
    r = random.Random(seed)
    return grown(seed, r.randint(2, 50), r.choice([0, 0, 1, 4, 12])) if seed % 3 else any_graph(seed)
