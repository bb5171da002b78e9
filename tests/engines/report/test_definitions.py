"""A definition that cannot work is refused when it is installed, with the place and the mend."""

import copy

import pytest

from engines.apps.check import check_app
from engines.apps.folder import read_folder
from engines.core.kernel.errors import BadDefinition

from ...conftest import ROOT

SHOP = read_folder(ROOT / "tests" / "apps" / "shop")


def part(app, kind, name):
    return next(one for one in app[kind] if one["id"] == name)


def test_the_shop_is_sound():
    check_app(SHOP)


@pytest.mark.parametrize(
    ("kind", "name", "change", "path", "word"),
    [
        ("datasets", "ds_orders", {"source": "sale"}, "/source", "no form 'sale'"),
        ("datasets", "ds_orders", {"filter": "colour = 1"}, "/filter", "colour"),
        ("datasets", "ds_orders", {"measures": [{"id": "a", "calc": "b * 2"}]}, "/measures/0/calc", "b"),
        ("datasets", "ds_orders", {"measures": [{"id": "a", "agg": "total"}]}, "/measures/0/agg", "must be one of"),
        (
            "datasets",
            "ds_orders",
            {"measures": [{"id": "a", "from": "visit", "map": {"at": "when"}}]},
            "map/at",
            "when",
        ),
        ("reports", "r_items", {"dataset": "ds_none"}, "/dataset", "no dataset 'ds_none'"),
        ("reports", "r_items", {"rows": [{"field": "colour"}]}, "", "'order' has no 'colour'"),
        ("reports", "r_items", {"rows": [{"field": "item", "bucket": "month"}]}, "", "not a date"),
        ("reports", "r_items", {"values": [{"measure": "height"}]}, "", "no measure 'height'"),
        ("reports", "r_items", {"sort": [{"by": "height"}]}, "/sort/0/by", "no column 'height'"),
        ("reports", "r_items", {"chart": {"type": "lien"}}, "/chart/type", "did you mean 'line'"),
        ("reports", "r_items", {"period": "sometime"}, "/period", "sometime"),
        ("reports", "r_steps", {"analysis": {"type": "funel"}}, "/analysis/type", "did you mean 'funnel'"),
        ("reports", "r_items", {"colour": 1}, "", "not known here"),
        (
            "dashboards",
            "review",
            {"widgets": [{"id": "w", "report": "r_none", "at": [0, 0, 3, 2]}]},
            "report",
            "r_none",
        ),
        ("dashboards", "review", {"widgets": [{"id": "w", "report": "r_items", "at": [9, 0, 6, 2]}]}, "at", "beyond"),
    ],
)
def test_a_mistake_is_told_with_its_place(kind, name, change, path, word):
    app = copy.deepcopy(SHOP)
    part(app, kind, name).update(change)
    with pytest.raises(BadDefinition) as refused:
        check_app(app)
    assert any(path in at and word in words["en"] for at, words in refused.value.problems), refused.value.problems
    assert all(words["zh"] for _, words in refused.value.problems)
