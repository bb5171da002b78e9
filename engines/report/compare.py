"""Which earlier group stands beside a group: the period moved back, buckets moved with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .buckets import Bucket
from .facts import Row
from .model import Dim
from .params import Chosen
from .periods import Period, move


@dataclass(frozen=True)
class Shift:
    """`period` is the one to ask for; `key` turns a group's key into that of the group it is compared with."""

    period: Period | None
    time: int | None
    bucket: Bucket | None
    count: int
    unit: str

    def key(self, key: Row) -> Row:
        if self.time is None or self.bucket is None or key[self.time] is None:
            return key
        start = self.bucket.span(key[self.time])[0]
        if self.unit == "bucket":
            back = self.bucket.shift(start, -self.count)
        elif self.unit == "year" and self.bucket.unit == "week":
            back = self.bucket.shift(start, -52 * self.count)
        else:
            back = move(start, -self.count, self.unit)
        return (*key[: self.time], self.bucket.named(back), *key[self.time + 1 :])


def earlier(dims: Sequence[Dim], chosen: Chosen, offset: Any) -> Shift | None:
    """None where nothing earlier can be meant: no period was chosen and no dimension is a time."""
    time = next((n for n, dim in enumerate(dims) if dim.bucket and dim.field == chosen.time), None)
    bucket = None if time is None else dims[time].bucket
    now = chosen.period
    if now is None and bucket is None:
        return None
    if now is not None and bucket is not None:
        now = replace(now, until=None)
    if offset != "previous":
        count, unit = offset
        return Shift(now and now.back(count, unit), time, bucket, count, unit)
    if now is None:
        return Shift(None, time, bucket, 1, "bucket")
    before = now.previous()
    steps = len(bucket.between(before.start, now.start)) if bucket else 0
    return Shift(before, time, bucket, steps, "bucket")
