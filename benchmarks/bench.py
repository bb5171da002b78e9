"""`make bench`: what the platform costs against the floor, as ratios of one run; the goal stands beside each."""

import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engines.apps.imports import upload
from engines.apps.platform import SYSTEM, Platform, open_platform
from engines.core.access import people
from engines.core.records import bulk
from engines.form import submit

from . import shop
from .designer import drops
from .floor import NAMES
from .servers import Client, floor, folder, platform, started

ROWS = 100_000


def main() -> int:
    """Prints a line a measure; 0 whatever it says: numbers are read, not asserted."""
    with folder() as place:
        prepare(place)
        with floor(place) as floor_port, platform(place / "data") as (port, door):
            ours, theirs = Client(port, door), Client(floor_port, "/in")
            creates(ours, theirs)
            lists(ours, theirs)
        starts(place / "data")
    with folder() as place:
        imports(place)
    with folder() as place:
        group_commit(place)
    designers()
    formulas()
    return 0


def told(name: str, ratio: float, goal: str, more: str = "") -> None:
    print(f"{name:<44} {ratio:6.2f}   goal {goal:<8} {more}", flush=True)


def prepare(place: Path) -> None:
    """Both apps with a hundred thousand records in the bare one and in the floor's table."""
    ours = open_platform(place / "data")
    ours.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    for ruled in (False, True):
        ours.run(SYSTEM, lambda uow, r=ruled: ours.catalog.publish(uow, shop.app(ruled=r)))
    fill(ours, ROWS)
    ours.close()
    with floor(place):
        pass
    fill_floor(place, ROWS)


def fill(ours: Platform, count: int) -> None:
    def block(uow, first):  # type: ignore[no-untyped-def]  # a closure over the run
        form = uow.apps.form("bare", "buyer")
        rows = [submit.check(form, shop.record(n), uow) for n in range(first, first + 5000)]
        bulk.create_many(uow, form.source, rows)

    for first in range(0, count, 5000):
        ours.run(SYSTEM, lambda uow, f=first: block(uow, f))


def fill_floor(place: Path, count: int) -> None:
    from .floor import buyers, connect

    engine = connect(place, "")
    for first in range(0, count, 5000):
        rows = [floor_row(shop.record(n)) for n in range(first, first + 5000)]
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(buyers.insert(), rows)
    engine.dispose()


def floor_row(one: dict[str, object]) -> dict[str, object]:
    spend = round(float(str(one["spend"])) * 100)
    return {name: one[name] or None for name in NAMES} | {"spend": spend, "at": 0, "by": 1}


def alternately(ours: Callable[[int], None], theirs: Callable[[int], None], times: int) -> tuple[float, float, float]:
    """(ratio, our median, their median) in milliseconds, the two taking turns."""
    spent: list[list[float]] = [[], []]
    for n in range(times):
        for which, act in enumerate((ours, theirs) if n % 2 else (theirs, ours)):
            begin = time.perf_counter()
            act(n)
            spent[which if n % 2 else 1 - which].append((time.perf_counter() - begin) * 1000)
    mine, other = statistics.median(spent[0][10:]), statistics.median(spent[1][10:])
    return mine / other, mine, other


def creates(ours: Client, theirs: Client) -> None:
    """Twenty rules and history against a row and a history row."""

    def mine(n: int) -> None:
        assert ours.post("/a/ruled/buyer/new", shop.record(n))[0].status == 302

    def other(n: int) -> None:
        assert theirs.post("/buyers", shop.record(n))[0].status == 302

    ratio, a, b = alternately(mine, other, 300)
    told("create, 20 rules, history, trigger : floor", ratio, "<= 2", f"{a:.2f} ms : {b:.2f} ms")


def lists(ours: Client, theirs: Client) -> None:
    def mine(_n: int) -> None:
        response, body = ours.get("/a/bare/buyer?view=top")
        assert response.status == 200
        assert body.count(b"<tr") > 50

    def other(_n: int) -> None:
        response, body = theirs.get("/buyers")
        assert response.status == 200
        assert body.count(b"<tr") > 50

    ratio, a, b = alternately(mine, other, 100)
    told("list page of 50 at 100,000 : floor", ratio, "<= 1.5", f"{a:.2f} ms : {b:.2f} ms")


def starts(data: Path) -> None:
    runs = [started(data) for _ in range(3)]
    told("start, seconds", statistics.median(one[0] for one in runs), "< 1.5")
    told("idle, MiB", statistics.median(one[1] for one in runs), "< 100")


def imports(place: Path) -> None:
    """100,000 rows of ten columns: upload, dry run and run, against read_excel and one executemany."""
    import pandas
    import xlsxwriter

    path = place / "buyers.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [name.capitalize() for name in NAMES])
        for n in range(ROWS):
            one = shop.record(n)
            sheet.write_row(n + 1, 0, [float(one[k]) if k in ("spend", "visits", "score") else one[k] for k in NAMES])
    begin = time.perf_counter()
    frame = pandas.read_excel(path, engine="calamine")
    with floor(place):
        pass
    fill_frame(place, frame)
    plain = time.perf_counter() - begin
    ours = open_platform(place / "data")
    ours.run(SYSTEM, lambda uow: ours.catalog.publish(uow, shop.app(ruled=False)))
    form = ours.look(SYSTEM, lambda look: look.apps.form("bare", "buyer"))
    with path.open("rb") as content:
        found = upload(ours, SYSTEM, form, "buyers.xlsx", content)
    found.check()
    quiet, saves = timed_saves(ours), None
    begin = time.perf_counter()
    state = found.run()
    spent = time.perf_counter() - begin
    assert state["created"] == ROWS, state
    told("import of 100,000 x 10 : read_excel + executemany", spent / plain, "<= 2", f"{spent:.1f} s : {plain:.1f} s")
    with path.open("rb") as content:
        again = upload(ours, SYSTEM, form, "buyers.xlsx", content)
    again.check()
    thread = threading.Thread(target=again.run)
    thread.start()
    saves = timed_saves(ours)
    thread.join()
    told("p99 of saves while importing : quiet", saves / quiet, "<= 3", f"{saves:.1f} ms : {quiet:.1f} ms")
    ours.close()


def fill_frame(place: Path, frame) -> None:  # type: ignore[no-untyped-def]  # pandas is imported late
    from .floor import buyers, connect

    frame.columns = [name.lower() for name in frame.columns]
    frame["spend"] = (frame["spend"] * 100).round().astype(int)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    engine = connect(place, "")
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(buyers.insert(), rows)
    engine.dispose()


def timed_saves(ours: Platform, *, each: int = 150, people_: int = 4) -> float:
    """The 99th percentile, in milliseconds, of single saves by a few people at once."""
    spent: list[float] = []

    def work(who: int) -> None:
        for n in range(each):
            begin = time.perf_counter()
            ours.run(SYSTEM, lambda uow, n=n: submit.create_record(uow, uow.apps.form("bare", "buyer"), shop.record(n)))
            spent.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.005)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(people_)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.quantiles(spent, n=100)[98]


def group_commit(place: Path) -> None:
    """Eight threads: saves for each commit, and p99 against SQLite's own busy polling."""
    from .polling import polling_p99

    ours = open_platform(place / "data")
    ours.run(SYSTEM, lambda uow: ours.catalog.publish(uow, shop.app(ruled=False)))
    before = ours.db.commits  # type: ignore[attr-defined]  # SQLite only
    mine = hammer(ours)
    batches, jobs = (now - then for now, then in zip(ours.db.commits, before, strict=True))  # type: ignore[attr-defined]  # SQLite only
    told("saves a commit at 8 threads", jobs / batches, ">= 3")
    polled = polling_p99(place)
    told("p99 at 8 threads : busy polling", mine / polled, "<= 0.5", f"{mine:.1f} ms : {polled:.1f} ms")
    ours.close()


def designers() -> None:
    """Large flows, forms, rules and reports in their designers; without a browser there is nothing to see."""
    from . import frames
    from .canvas import CHROMIUM_IS, measures

    if CHROMIUM_IS is None:
        print("designers: no chromium on this machine")
        return
    for each in (measures, frames.measures):
        with folder() as place:
            for name, spent, goal, more in each(place):
                told(name, spent, goal, more)
    with folder() as place:
        told("drop at 100 fields, ms to the new canvas", drops(place), "<= 50")


def formulas() -> None:
    """The formula language as the browser runs it; without Node there is nothing to run."""
    from .closures import NODE, measures

    if NODE is None:
        print("formulas in the browser: no node on this machine")
        return
    for name, ratio, goal, more in measures():
        told(name, ratio, goal, more)


def hammer(ours: Platform, *, threads: int = 8, each: int = 150) -> float:
    spent: list[float] = []

    def work() -> None:
        for n in range(each):
            begin = time.perf_counter()
            ours.run(SYSTEM, lambda uow, n=n: submit.create_record(uow, uow.apps.form("bare", "buyer"), shop.record(n)))
            spent.append((time.perf_counter() - begin) * 1000)

    crowd = [threading.Thread(target=work) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return statistics.quantiles(spent, n=100)[98]


if __name__ == "__main__":
    sys.exit(main())
