"""The recipe's calendar: everything is counted from the day of installation, in the app's zone."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
Definition = dict[str, Any]


@dataclass(frozen=True)
class Calendar:
    """`now` in microseconds; `days` are named lists of dates, `seasons` say when there is more or less going on."""

    now: int
    zone: ZoneInfo
    days: dict[str, list[str]]
    seasons: dict[str, list[Definition]]

    @property
    def today(self) -> datetime.date:
        return self.date(self.now)

    def date(self, instant: int) -> datetime.date:
        return datetime.datetime.fromtimestamp(instant / SECOND, self.zone).date()

    def instant(self, day: datetime.date, time: str = "00:00") -> int:
        """A wall time of that day."""
        clock = datetime.time.fromisoformat(time)
        return round(datetime.datetime.combine(day, clock, self.zone).timestamp()) * SECOND

    def offset(self, days: int, time: str = "00:00") -> int:
        """So many days from today, at that wall time."""
        return self.instant(self.today + datetime.timedelta(days=days), time)

    def weight(self, season: str, day: datetime.date) -> float:
        """How much is going on that day: 1 on an ordinary one."""
        found = 1.0
        for part in self.seasons.get(season, ()):
            if any(part["from"] <= (day - peak).days <= part["to"] for peak in self._peaks(part, day)):
                found *= float(part["times"])
        return found

    def weekly(self, rule: Definition) -> list[tuple[int, float]]:
        """(instant, weight) of the meetings of the last `within_days` days on these ISO weekdays; when there are more
        than `keep`, those with the least going on fall out."""
        days = [self.today + datetime.timedelta(days=n) for n in range(-rule["within_days"], 0)]
        on = [day for day in days if day.isoweekday() in rule["weekdays"]]
        heavy = sorted(on, key=lambda day: (-self.weight(rule["season"], day), -day.toordinal()))[: rule["keep"]]
        return [(self.instant(day, rule["time"]), self.weight(rule["season"], day)) for day in sorted(heavy)]

    def _peaks(self, part: Definition, day: datetime.date) -> Iterator[datetime.date]:
        if "days" in part:
            yield from (datetime.date.fromisoformat(text) for text in self.days[part["days"]])
        else:
            month, of_month = (int(n) for n in part["on"].split("-"))
            yield from (datetime.date(day.year + n, month, of_month) for n in (-1, 0, 1))
