"""Value descriptions of days and instants, all counted from the day of installation."""

import datetime

from .days import DAY, HOUR, MINUTE
from .values import Give, Row, Spec, Spot, generator


@generator("now")
def _now(spec: Spec, spot: Spot) -> Give:
    """`{"now": minutes}`: so long after the moment of installation (before it when negative)."""
    fixed = spot.kitchen.calendar.now + round(spec["now"] * MINUTE)
    return lambda row: fixed


@generator("day")
def _day(spec: Spec, spot: Spot) -> Give:
    """`{"day": -29, "time": "21:30"}`: an instant, in days from the day of installation."""
    calendar, days = spot.kitchen.calendar, spot.give("day", spec["day"])
    return lambda row: calendar.offset(int(days(row)), spec.get("time", "00:00"))


@generator("date")
def _date(spec: Spec, spot: Spot) -> Give:
    """The calendar day of an instant."""
    calendar, inner = spot.kitchen.calendar, spot.give("of", spec["date"])

    def of(row: Row) -> str | None:
        instant = inner(row)
        return None if instant is None else calendar.date(instant).isoformat()

    return of


@generator("born")
def _born(spec: Spec, spot: Spot) -> Give:
    """`{"born": age in years}`: a day of birth; `in_days` puts the next birthday there."""
    calendar, age = spot.kitchen.calendar, spot.give("age", spec["born"])
    ahead = spot.give("ahead", spec.get("in_days", {"whole": [0, 364]}))

    def of(row: Row) -> str:
        day = calendar.today + datetime.timedelta(days=int(ahead(row)))
        leap = (day.month, day.day) == (2, 29)
        return day.replace(year=day.year - int(age(row)), day=28 if leap else day.day).isoformat()

    return of


def _span(name: str, unit: int) -> None:
    @generator(name)
    def _spanned(spec: Spec, spot: Spot) -> Give:
        inner = spot.give("of", spec[name])
        return lambda row: round(inner(row) * unit)


_span("minutes", MINUTE)
_span("hours", HOUR)
_span("days", DAY)
