# SPDX-License-Identifier: Apache-2.0
"""When a child has had its time: on a busy machine, when it hangs, when it never ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import attrs
import pytest

from ffi_cts.engine import linux, procfs
from ffi_cts.engine.child import Child, Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.deadline import Clock, Overrun
from ffi_cts.engine.supervisor import Supervisor, Task, run_alone
from support.processes import in_child

LONG = Limits(100.0)


@attrs.define
class Machine:
    """A made-up process: in each second of its life, what its threads did.

    ``script`` gives for each look the threads as (state, seconds run, seconds waited).
    """

    script: Callable[[int], list[tuple[str, float, float]]]
    second: int = 0

    def threads(self, pid: int) -> list[procfs.Thread]:
        self.second += 1
        now = self.script(self.second)
        return [
            procfs.Thread(pid, pid + i, state, int(ran * 1e9), int(waited * 1e9), int(ran * 100))
            for i, (state, ran, waited) in enumerate(now)
        ]

    def watch(
        self, monkeypatch: pytest.MonkeyPatch, limit: float = 20.0
    ) -> tuple[Overrun | None, int]:
        """The verdict, and the second in which it fell."""
        monkeypatch.setattr(procfs, "threads", self.threads)
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
        clock = Clock(1, limit, 0.0)
        for second in range(1, 1000):
            overrun = clock.look(float(second))
            if overrun is not None:
                return overrun, second
        return None, 1000


def test_on_an_idle_machine_it_is_a_usual_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    computes = Machine(lambda second: [("R", second, 0.0)])
    assert computes.watch(monkeypatch) == (Overrun.OUT_OF_TIME, 20)
    sleeps = Machine(lambda second: [("S", 0.01, 0.0)])
    assert sleeps.watch(monkeypatch) == (Overrun.OUT_OF_TIME, 20)


def test_it_stands_still_while_others_have_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    half = Machine(lambda second: [("R", second / 2, second / 2)])
    assert half.watch(monkeypatch) == (Overrun.OUT_OF_TIME, 40)


def test_who_never_gets_a_core_is_starved(monkeypatch: pytest.MonkeyPatch) -> None:
    starved = Machine(lambda second: [("R", 0.01, 0.0)])
    assert starved.watch(monkeypatch) == (Overrun.STARVED, 160)
    crawls = Machine(lambda second: [("R", second / 50, second * 49 / 50)])
    assert crawls.watch(monkeypatch)[0] is Overrun.STARVED


def test_one_that_waits_for_a_starved_one_is_starved_too(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Machine(lambda second: [("S", second / 20, second * 9 / 20)] * 2)
    assert turns.watch(monkeypatch)[0] is Overrun.STARVED


def test_many_threads_that_spin_on_few_cores_have_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spins = Machine(lambda second: [("R", second / 4, second * 3 / 4)] * 8)
    assert spins.watch(monkeypatch) == (Overrun.OUT_OF_TIME, 20)


def test_without_the_kernels_count_of_waiting_its_state_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half = Machine(lambda second: [("R", second / 2, 0.0)])

    def uncounted(pid: int) -> list[procfs.Thread]:
        return [attrs.evolve(thread, waited=None) for thread in half.threads(pid)]

    clock = Clock(1, 20.0, 0.0)
    monkeypatch.setattr(procfs, "threads", uncounted)
    assert [clock.look(float(second)) for second in range(1, 36)] == [None] * 35


def test_a_parent_that_is_starved_itself_accuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procfs, "threads", lambda pid: [])
    clock = Clock(1, 20.0, 0.0)
    assert clock.look(90.0) is None
    assert clock.had == 1.0


# Real ones.


def locks_itself_out() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def threads_wait_for_each_other() -> None:
    lock = threading.Lock()
    lock.acquire()
    threads = [threading.Thread(target=lock.acquire) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def waits_for_a_child_that_hangs() -> None:
    if os.fork() == 0:
        locks_itself_out()
    os.wait()


def stops_itself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


@pytest.mark.parametrize(
    "hang",
    [locks_itself_out, threads_wait_for_each_other, waits_for_a_child_that_hangs, stops_itself],
)
def test_what_can_never_go_on_is_not_waited_for(hang: Callable[[], None]) -> None:
    """The limit is so long that the test would not end if the clock had to run out."""

    def body(crumbs: Crumbs) -> bytes:
        crumbs.enter("call(1)")
        hang()
        return b"went on"

    ending = run_alone(body, Limits(100_000.0))
    assert ending.overrun is Overrun.HANGS
    assert ending.timed_out
    text = "no answer: every thread of the process waits without end, inside call(1)"
    assert ending.describe(1.0) == text


def sleeps() -> None:
    time.sleep(1.2)


def waits_for_a_child_that_sleeps() -> None:
    if os.fork() == 0:
        time.sleep(1.2)
        os._exit(0)
    os.wait()


def waits_with_a_limit() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=1.2)


def waits_for_a_thread_that_sleeps() -> None:
    thread = threading.Thread(target=sleeps)
    thread.start()
    thread.join()


def is_woken_by_a_timer() -> None:
    lock = threading.Lock()
    lock.acquire()
    signal.signal(signal.SIGALRM, lambda number, frame: lock.release())
    signal.setitimer(signal.ITIMER_REAL, 1.2)
    lock.acquire()


def reads_what_comes_late() -> None:
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        time.sleep(1.2)
        os.write(write_end, b"x")
        os._exit(0)
    os.read(read_end, 1)


@pytest.mark.parametrize(
    "pause",
    [
        sleeps,
        waits_for_a_child_that_sleeps,
        waits_with_a_limit,
        waits_for_a_thread_that_sleeps,
        is_woken_by_a_timer,
        reads_what_comes_late,
    ],
)
def test_what_goes_on_by_itself_is_left_alone(pause: Callable[[], None]) -> None:
    def body(crumbs: Crumbs) -> bytes:
        pause()
        return b"went on"

    assert run_alone(body, LONG).result == b"went on"


def test_waiting_for_an_unseen_child_proves_nothing() -> None:
    wait4 = [str(procfs._CALLS.wait4), *["0x0"] * 6, "0x1", "0x2"]
    assert procfs._waits_for_kin(wait4, has_kin=True)
    assert not procfs._waits_for_kin(wait4, has_kin=False)
    wait4[3] = hex(os.WNOHANG)
    assert not procfs._waits_for_kin(wait4, has_kin=True)
    assert not procfs._waits_for_kin(["running"], has_kin=True)
    assert not procfs._waits_for_kin([], has_kin=True)


# The pool.


def blocked(crumbs: Crumbs) -> bytes:
    time.sleep(60)
    return b"late"


def test_sleepers_take_no_place() -> None:
    pool: Supervisor[str] = Supervisor(2)
    for number in range(4):
        pool.add(Task(f"sleeps {number}", blocked, LONG))
    pool.add(Task("quick", lambda crumbs: b"done", LONG))
    endings = pool.run()
    assert next(endings)[0].key == "quick"
    endings.close()


def test_one_at_a_time_is_one_at_a_time() -> None:
    pool: Supervisor[str] = Supervisor(1)

    def sleep(crumbs: Crumbs) -> bytes:
        time.sleep(1.5)
        return b""

    pool.add(Task("sleeps", sleep, LONG))
    pool.add(Task("quick", lambda crumbs: b"done", LONG))
    assert [task.key for task, _ in pool.run()] == ["sleeps", "quick"]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A system that has no room for another process, as often as the list says."""
    left, fork = [0], os.fork

    def refuse() -> int:
        if left[0] > 0:
            left[0] -= 1
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr("ffi_cts.engine.supervisor._AFTER_REFUSAL", 0.0)
    return left


def test_a_full_system_is_asked_again(full: list[int]) -> None:
    full[0] = 20
    pool: Supervisor[str] = Supervisor(2)
    pool.add(Task("late", lambda crumbs: b"done", LONG))
    assert [(task.key, ending.result) for task, ending in pool.run()] == [("late", b"done")]


def test_what_a_full_system_has_no_room_for_is_lost(full: list[int]) -> None:
    full[0] = 1_000_000
    pool: Supervisor[str] = Supervisor(2)
    pool.add(Task("never", lambda crumbs: b"done", LONG))
    ((task, ending),) = pool.run()
    assert (task.key, ending.result, ending.lost) == ("never", None, True)
    assert "no room for another process" in ending.describe(1.0)


def test_an_interruption_while_a_child_starts_leaves_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The request to stop arrives between the fork and the moment at which the child is known."""
    in_child(lambda: _interrupt_starts(monkeypatch))


def _interrupt_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    fork = os.fork

    def slow() -> int:
        pid = fork()
        if pid:
            started.append(pid)
            os.kill(os.getpid(), signal.SIGINT)
        return pid

    monkeypatch.setattr(os, "fork", slow)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pool: Supervisor[str] = Supervisor(2)
    pool.add(Task("hangs", blocked, LONG))
    try:
        with pytest.raises(KeyboardInterrupt):
            list(pool.run())
        with pytest.raises(KeyboardInterrupt):
            run_alone(blocked, LONG)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(started) == 2
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_child_heeds_requests() -> None:
    """What its parent held back while it started is not held back in the child."""

    def body(crumbs: Crumbs) -> bytes:
        os.kill(os.getpid(), signal.SIGTERM)
        return b"deaf"

    with linux.undisturbed():
        child = Child(body, LONG)
    assert child.wait().signal == signal.SIGTERM
