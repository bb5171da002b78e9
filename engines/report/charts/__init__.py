"""One file per chart; each registers itself."""

import sys

from ..chart import Chart, charts

charts.load(sys.modules[__name__])

__all__ = ["Chart", "charts"]
