"""Jobs: written with what causes them, done once, tried again, never forgotten."""

import threading

import pytest

from engines.apps.platform import SYSTEM
from engines.core.jobs import queue, worker
from engines.core.kernel import clock
from engines.core.kernel.errors import NotFound

from .kinds import notes

T0 = 1_790_000_000_000_000
HOUR = 3600 * 1_000_000


def enqueue(platform, kind="test_write", payload=None, **options):
    return platform.run(SYSTEM, lambda uow: queue.enqueue(uow, kind, payload, **options))


def test_a_job_is_done_once_and_leaves_no_row(platform):
    enqueue(platform, payload={"note": "hello"})
    assert worker.drain(platform) == 1
    assert worker.drain(platform) == 0
    assert notes(platform, SYSTEM) == ["hello"]
    assert platform.look(SYSTEM, queue.next_due) is None


def test_a_job_of_work_that_was_rolled_back_never_existed(platform):
    def command(uow):
        queue.enqueue(uow, "test_write", {"note": "ghost"})
        raise NotFound

    with pytest.raises(NotFound):
        platform.run(SYSTEM, command)
    assert worker.drain(platform) == 0


def test_a_job_waits_for_its_time_and_the_one_due_first_comes_first(platform):
    with clock.frozen(T0):
        enqueue(platform, payload={"note": "late"}, run_at=T0 + 2 * HOUR)
        enqueue(platform, payload={"note": "soon"}, run_at=T0 + HOUR)
        assert worker.drain(platform) == 0
    with clock.frozen(T0 + 3 * HOUR):
        worker.drain(platform)
    assert notes(platform, SYSTEM) == ["soon", "late"]


def test_what_is_urgent_passes_what_only_waited_longer(platform):
    enqueue(platform, payload={"note": "bulk"}, priority=5)
    enqueue(platform, payload={"note": "person waits"}, priority=0)
    worker.run_due(platform, limit=1)
    assert notes(platform, SYSTEM) == ["person waits"]


def test_the_same_key_waits_once_and_can_be_moved(platform):
    with clock.frozen(T0):
        first = enqueue(platform, payload={"note": "a"}, key="k", run_at=T0)
        assert enqueue(platform, payload={"note": "b"}, key="k", run_at=T0) is None
        moved = enqueue(platform, payload={"note": "c"}, key="k", run_at=T0 + HOUR, replace=True)
        assert moved == first
        assert worker.drain(platform) == 0
    with clock.frozen(T0 + HOUR):
        worker.drain(platform)
    assert notes(platform, SYSTEM) == ["c"]


def test_cancelling_by_key_or_subject_takes_waiting_jobs_away(platform):
    enqueue(platform, key="k")
    enqueue(platform, subject="s")
    enqueue(platform, subject="s")
    assert platform.run(SYSTEM, lambda uow: queue.cancel(uow, key="k", subject="s")) == 3
    assert worker.drain(platform) == 0


def test_a_failing_job_leaves_nothing_behind_waits_longer_each_time_and_gives_up_after_five(platform):
    waits, now = [], T0
    with clock.frozen(T0):
        enqueue(platform, "test_fail")
    for _ in range(5):
        with clock.frozen(now):
            assert worker.run_due(platform) == 1
            due = platform.look(SYSTEM, queue.next_due)
        if due:
            waits.append((due - now) // 1_000_000)
            now = due
    assert waits == [2, 4, 8, 16]
    assert notes(platform, SYSTEM) == ["gave up: ValueError: no such thing"]


def test_a_worker_that_vanished_after_the_call_is_followed_by_another_with_the_same_key(
    platform, tmp_path, monkeypatch
):
    calls = tmp_path / "calls"
    enqueue(platform, "test_call", {"file": str(calls)})
    taken = platform.run(SYSTEM, lambda uow: queue.claim(uow.session, "gone", now=clock.now(), limit=1))
    worker._call(platform, taken[0], "gone")  # and the process ends here, before its second commit
    assert worker.drain(platform) == 0
    monkeypatch.setattr(clock, "wall", lambda: clock.now() + queue.LEASE + 1_000_000)
    assert worker.drain(platform) == 1
    assert notes(platform, SYSTEM) == ["answered"]
    assert calls.read_text().split() == [taken[0].key] * 2


def test_whoever_lost_the_lease_cannot_end_the_job(platform, monkeypatch):
    enqueue(platform, payload={"note": "once"})
    slow = platform.run(SYSTEM, lambda uow: queue.claim(uow.session, "slow", now=clock.now(), limit=1))[0]
    monkeypatch.setattr(clock, "wall", lambda: clock.now() + queue.LEASE + 1_000_000)
    worker.run_due(platform, worker="quick")
    worker.run_job(platform, slow, "slow")
    assert notes(platform, SYSTEM) == ["once"]


def test_a_job_that_kills_its_worker_every_time_is_given_up(platform, monkeypatch):
    with clock.frozen(T0):
        enqueue(platform, "test_fail")
        for n in range(6):
            monkeypatch.setattr(clock, "wall", lambda n=n: T0 + n * 2 * queue.LEASE)
            platform.run(SYSTEM, lambda uow: queue.free_lost(uow.session))
            jobs = platform.run(SYSTEM, lambda uow: queue.claim(uow.session, "dies", now=T0, limit=1))
        worker.run_job(platform, jobs[0], "dies")
        assert worker.drain(platform) == 0
    assert "5" in notes(platform, SYSTEM)[0]


def test_eight_workers_do_each_job_once(platform):
    for n in range(40):
        enqueue(platform, payload={"note": str(n)})

    def work(name):
        while worker.run_due(platform, worker=name, limit=2):
            pass

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    worker.drain(platform)
    assert sorted(map(int, notes(platform, SYSTEM))) == list(range(40))


def test_the_bell_after_the_commit_wakes_the_embedded_worker_at_once(platform, monkeypatch):
    monkeypatch.setattr(worker, "IDLE", 30.0)
    platform.start_worker()
    enqueue(platform, payload={"note": "rung"})
    deadline = clock.wall() + 5_000_000
    while not notes(platform, SYSTEM) and clock.wall() < deadline:
        threading.Event().wait(0.02)
    assert notes(platform, SYSTEM) == ["rung"]
