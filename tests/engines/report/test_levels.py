"""Going down a hierarchy: the same report a level finer."""

import pytest

from engines.report.errors import BadParam
from engines.report.levels import finer, leveled
from engines.report.model import report_of


@pytest.fixture
def backend():
    return "sqlite"


def test_a_month_is_made_of_days_and_a_day_of_nothing_finer(shop):
    months = report_of(shop.app, "r_monthly")
    assert finer(months) == {"at": "day"}
    days = leveled(shop.app, "r_monthly", {"at": "day"})
    assert (days.dims[0].id, days.dims[0].bucket.unit) == ("at", "day")
    assert finer(days) == {}


def test_the_days_of_a_month_add_up_to_it(shop):
    month = next(row for row in shop.run("r_monthly", {"period": "all"}).rows if row[1])
    days = leveled(shop.app, "r_monthly", {"at": "day"}).definition
    assert sum(row[1] for row in shop.run(days, {"period": month[0]}).rows) == pytest.approx(month[1])


@pytest.mark.parametrize("levels", [{"at": "minute"}, {"item": "day"}])
def test_a_level_that_is_not_there_is_refused(shop, levels):
    with pytest.raises(BadParam):
        leveled(shop.app, "r_monthly", levels)
