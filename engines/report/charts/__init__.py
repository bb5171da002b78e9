"""One file per chart; each registers itself."""

import sys

from .base import Chart, charts

charts.load(sys.modules[__name__])

__all__ = ["Chart", "charts"]
