"""One file per analysis; each registers itself."""

import sys

from ..analysis import Analysis, analyses

analyses.load(sys.modules[__name__])

__all__ = ["Analysis", "analyses"]
