"""When enough people have spoken: the result of a step's tasks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MODES = ("any", "all", "seq", "vote")
LIVE = ("open", "queued", "suspended")


@dataclass(frozen=True)
class Vote:
    """One task of a step; `extra`: a supervisor added by escalation, whose word alone decides."""

    state: str
    outcome: str | None = None
    extra: bool = False


def decided(mode: str, votes: Sequence[Vote], *, ratio: float = 0.5) -> str | None:
    """approve, reject, or None while it is open. any: the first yes passes, all must say no. all, seq: the first no
    ends it. vote: passes at the ratio of all, fails as soon as that cannot be reached."""
    said = [vote for vote in votes if vote.state == "done"]
    for vote in said:
        if vote.extra:
            return vote.outcome
    yes, no = (sum(vote.outcome == word for vote in said) for word in ("approve", "reject"))
    living = [vote for vote in votes if vote.state in LIVE and not vote.extra]
    if mode == "any":
        return "approve" if yes else ("reject" if no and not living else None)
    if mode in ("all", "seq"):
        return "reject" if no else ("approve" if yes and not living else None)
    counted = sum(not vote.extra and vote.state in (*LIVE, "done") for vote in votes)
    need = max(1, math.ceil(ratio * counted - 1e-9))
    return "approve" if yes >= need else ("reject" if yes + len(living) < need else None)
