"""Counted tests run at 1/50 of their counts in `make test`, whole in `make soak`."""

import os


def times(whole: int, least: int = 5) -> int:
    """How often to do it in this run."""
    return whole if os.environ.get("DOUGONG_SOAK") else max(least, whole // 50)
