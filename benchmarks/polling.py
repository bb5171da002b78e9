"""What group commit is compared with: eight connections of their own, each waiting in SQLite's busy handler."""

import statistics
import threading
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from . import shop
from .floor import connect, history, meta, new_event, new_row


def polling_p99(place: Path, *, threads: int = 8, each: int = 150) -> float:
    """The 99th percentile of a save (row and history row), in milliseconds."""
    from .bench import floor_row

    engine = connect(place, "").execution_options(writes=True)
    with engine.begin() as connection:
        meta.create_all(connection)
        connection.execute(history.delete())
    spent: list[float] = []

    def work() -> None:
        for n in range(each):
            begin = time.perf_counter()
            with suppress(OperationalError), engine.begin() as connection:  # it gave up after its five seconds
                number = connection.execute(new_row, floor_row(shop.record(n))).scalar_one()
                connection.execute(new_event, {"r": number, "t": 0, "u": 1})
            spent.append((time.perf_counter() - begin) * 1000)

    crowd = [threading.Thread(target=work) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    engine.dispose()
    return statistics.quantiles(spent, n=100)[98]
