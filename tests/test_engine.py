# SPDX-License-Identifier: Apache-2.0
"""The isolation itself: shared memory, one child, many children."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from ffi_cts.engine import child, linux, procfs, sanitizers
from ffi_cts.engine.child import Child, Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.foreman import run_apart
from ffi_cts.engine.judge import Raw
from ffi_cts.engine.output import Output
from ffi_cts.engine.supervisor import Supervisor, Task, run_alone
from support.command import PACKAGES
from support.processes import wait_until

LONG = Limits(60.0)
SHORT = Limits(1.0)


def forever() -> NoReturn:
    while True:
        time.sleep(60)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# Shared memory.


def test_crumbs_tell_the_latest_call_and_whether_it_returned() -> None:
    crumbs = Crumbs()
    assert (crumbs.calls, crumbs.in_call, crumbs.result) == ((), False, None)
    crumbs.enter("first(1)")
    assert crumbs.in_call
    crumbs.leave()
    crumbs.enter("second(2)")
    assert (crumbs.calls, crumbs.in_call) == (("first(1)", "second(2)"), True)
    crumbs.begin_example()
    assert (crumbs.calls, crumbs.in_call) == ((), False)


def test_endless_calls_keep_the_latest() -> None:
    crumbs = Crumbs()
    for number in range(20_000):
        crumbs.enter(f"call({number}, {'x' * 60})")
    assert crumbs.calls[-1].startswith("call(19999, ")
    crumbs.enter("long(" + "y" * 1_000_000)
    assert len(crumbs.calls[-1]) == 2000


def test_arguments_may_be_any_text() -> None:
    crumbs = Crumbs()
    crumbs.enter("call('\udcff\N{SNOWMAN}')")
    assert crumbs.calls == ("call('\\udcff\N{SNOWMAN}')",)


def test_a_result_beyond_the_memory_is_cut() -> None:
    crumbs = Crumbs()
    crumbs.finish(b"x" * 5_000_000)
    assert crumbs.result == b"x" * (1 << 20)


@pytest.mark.parametrize("byte", [b"\x00", b"\x5a", b"\xff"])
def test_scribbled_memory_harms_no_reader(byte: bytes) -> None:
    crumbs = Crumbs()
    crumbs.enter("call()")
    memory = crumbs._memory
    memory[:] = byte * len(memory)
    assert isinstance(crumbs.calls, tuple)
    assert isinstance(crumbs.in_call, bool)
    assert crumbs.result is None


WRONG: list[tuple[str, object]] = [
    ("outcome", "x"),
    ("outcome", []),
    ("message", 1),
    ("example", None),
    ("calls", "one()"),
    ("calls", [1]),
    ("calls", None),
    ("in_call", {}),
    ("fault", 1),
    ("stack", [None]),
    ("stack", "#0 one"),
    ("more", ""),
]
GOOD: dict[str, object] = {
    "outcome": "pass",
    "message": "",
    "example": "",
    "calls": ["one()"],
    "in_call": "",
    "fault": "",
    "stack": ["#0 one"],
}


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"outcome": "pass"}'),
        *(json.dumps({**GOOD, name: value}).encode() for name, value in WRONG),
    ],
)
def test_a_damaged_result_is_recognised(data: bytes) -> None:
    Raw.decode(json.dumps(GOOD).encode())
    with pytest.raises(ValueError, match=r"."):
        Raw.decode(data)


def test_a_result_survives_the_journey() -> None:
    raw = Raw("crash", "killed", "x=1", ("one()", "two()"), "two()", "read of NULL", ("#0 two",))
    assert Raw.decode(raw.encode()) == raw


def test_output_keeps_head_and_tail() -> None:
    output = Output()
    output.feed(b"begin")
    for _ in range(100):
        output.feed(b"-" * 1000)
    output.feed(b"end \xff")
    text = output.text()
    assert text.startswith("begin-")
    assert text.endswith("-end \N{REPLACEMENT CHARACTER}")
    assert "bytes left out" in text
    assert len(text) < 9000


# One child.


def test_a_result_comes_back_though_every_descriptor_is_closed() -> None:
    def body(crumbs: Crumbs) -> bytes:
        os.closerange(0, 1024)
        return b"done"

    ending = run_alone(body, LONG)
    assert (ending.result, ending.exit_code, ending.signal) == (b"done", 0, None)
    assert not ending.died


def test_what_a_child_prints_is_kept() -> None:
    def body(crumbs: Crumbs) -> bytes:
        os.write(1, b"out")
        os.write(2, b"err")
        return b"done"

    assert run_alone(body, LONG).output == "outerr"


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGUSR1), "killed by SIGUSR1 inside call(1)"),
        (lambda: os.kill(os.getpid(), 40), "killed by signal 40 inside call(1)"),
        (lambda: os._exit(7), "the process exited with code 7 inside call(1)"),
        (forever, "no answer within 1 s inside call(1)"),
    ],
)
def test_a_death_is_described(end: Callable[[], object], text: str) -> None:
    def body(crumbs: Crumbs) -> bytes:
        crumbs.enter("call(1)")
        end()
        return b""

    limits = SHORT if end is forever else LONG
    ending = run_alone(body, limits)
    assert ending.died
    assert ending.describe(limits.seconds) == text


def test_a_child_that_the_kernel_kills_for_its_memory_is_no_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody knows whether the library or a neighbour used it up."""
    kills = [16]
    monkeypatch.setattr(procfs, "kills_for_memory", lambda: kills[0])
    monkeypatch.setattr(child, "_kills_for_memory", None)

    def body(crumbs: Crumbs) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    assert not run_alone(body, LONG).lost
    kills[0] = 17
    ending = run_alone(body, LONG)
    assert ending.lost
    assert "ran out of memory" in ending.describe(1.0)
    assert not run_alone(body, LONG).lost, "one kill excuses one death"


def test_a_death_between_calls_is_told_from_one_inside() -> None:
    def body(crumbs: Crumbs) -> bytes:
        crumbs.enter("call(1)")
        crumbs.leave()
        os._exit(1)

    assert run_alone(body, LONG).describe(1).endswith("code 1 after call(1)")
    assert run_alone(lambda c: os._exit(1), LONG).describe(1).endswith("before the first ABI call")


def test_a_child_cannot_reach_what_belongs_to_another() -> None:
    """A library that scribbles over all of its memory spoils no result but its own."""
    first = Child(lambda crumbs: forever(), LONG)
    pipe = os.fstat(first.output_fd)

    def body(crumbs: Crumbs) -> bytes:
        with contextlib.suppress(ValueError):
            first._crumbs.enter("forged()")
            return b"reached its memory"
        with contextlib.suppress(OSError):  # the number may be another file's by now
            if os.fstat(first.output_fd) == pipe:
                return b"reached its output"
        inner = run_alone(lambda crumbs: b"out of reach", LONG)  # forgets nothing twice
        return inner.result or b"a grandchild died"

    try:
        assert run_alone(body, LONG).result == b"out of reach"
    finally:
        assert first.kill().calls == ()


def test_an_exception_of_the_harness_is_no_death() -> None:
    def body(crumbs: Crumbs) -> bytes:
        raise KeyError("ours")

    ending = run_alone(body, LONG)
    assert ending.result is not None
    assert ending.result.startswith(b"!Traceback")
    assert b"KeyError: 'ours'" in ending.result


def test_a_child_has_no_terminal_no_input_and_no_core_file() -> None:
    def body(crumbs: Crumbs) -> bytes:
        import resource

        facts = {
            "input": os.read(0, 10).decode(),
            "leader": os.getsid(0) == os.getpid() == os.getpgrp(),
            "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
            "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        }
        return json.dumps(facts).encode()

    result = run_alone(body, Limits(60.0, 3 * linux.GIB)).result
    assert result is not None
    facts = json.loads(result)
    assert facts.pop("core") <= 1
    assert facts == {"input": "", "leader": True, "memory": 3 * linux.GIB}


@pytest.mark.parametrize("session", [False, True], ids=["same group", "session of its own"])
@pytest.mark.parametrize("ends", [False, True], ids=["parent hangs", "parent ends"])
def test_nothing_outlives_its_check(tmp_path: Path, session: bool, ends: bool) -> None:
    file = tmp_path / "pid"

    def body(crumbs: Crumbs) -> bytes:
        if os.fork() == 0:
            if session:
                os.setsid()
            file.write_text(str(os.getpid()))
            forever()
        while not (file.exists() and file.read_text()):
            time.sleep(0.001)
        if not ends:
            forever()
        return b"done"

    ending = run_apart(body, LONG if ends else Limits(1.5))
    assert ending.timed_out is not ends
    assert not alive(int(file.read_text()))


def test_children_of_the_host_are_left_alone() -> None:
    other = subprocess.Popen(["sleep", "60"])
    try:
        run_apart(lambda crumbs: b"done", LONG)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = f"""
import os, time
from pathlib import Path
from ffi_cts.engine.child import Child, Limits

def body(crumbs):
    Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
    time.sleep(600)

Child(body, Limits(600.0)).wait()
"""
    env = {**os.environ, "PYTHONPATH": PACKAGES}
    parent = subprocess.Popen([sys.executable, "-c", script], env=env)
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    parent.kill()
    parent.wait()
    wait_until(lambda: not alive(int((tmp_path / "pid").read_text())))


def test_a_child_whose_parent_was_faster_to_die_ends_too() -> None:
    """The request for a signal at the parent's death comes too late then; nobody sends it."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            linux.die_with_parent(os.getppid() + 1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_no_descriptor_is_left_open() -> None:
    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    run_alone(lambda crumbs: b"done", LONG)
    before = opened()
    for _ in range(5):
        run_alone(lambda crumbs: b"done", LONG)
        Child(lambda crumbs: forever(), LONG).kill()
    assert opened() == before


def test_it_works_without_descriptors_for_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux, "open_pidfd", lambda pid: None)
    assert run_alone(lambda crumbs: b"done", LONG).result == b"done"
    assert run_alone(lambda crumbs: forever(), SHORT).timed_out


# Many children.


def _say(result: bytes, crumbs: Crumbs) -> bytes:
    return result


def bodies(count: int) -> Iterator[Task[int]]:
    for number in range(count):
        yield Task(number, partial(_say, str(number).encode()), LONG)


@pytest.mark.parametrize("jobs", [1, 3, 100])
def test_every_task_ends_once(jobs: int) -> None:
    pool: Supervisor[int] = Supervisor(jobs)
    pool.extend(bodies(10))
    results = {task.key: ending.result for task, ending in pool.run()}
    assert results == {number: str(number).encode() for number in range(10)}
    assert pool.running == []


def test_tasks_may_be_added_and_go_first() -> None:
    pool: Supervisor[int] = Supervisor(1)
    pool.extend(bodies(3))
    order = []
    for task, _ in pool.run():
        order.append(task.key)
        if task.key == 0:
            pool.add(Task(99, lambda crumbs: b"", LONG), first=True)
    assert order == [0, 99, 1, 2]


def test_a_hanging_child_keeps_no_other_waiting() -> None:
    pool: Supervisor[str] = Supervisor(2)
    pool.add(Task("hangs", lambda crumbs: forever(), LONG))
    for number in range(5):
        pool.add(Task(f"quick {number}", lambda crumbs: b"done", LONG))
    endings = pool.run()
    assert [next(endings)[1].result for _ in range(5)] == [b"done"] * 5
    assert pool.running == ["hangs"]
    endings.close()
    assert pool.running == []


def test_an_interrupted_pool_leaves_no_child() -> None:
    pool: Supervisor[int] = Supervisor(3)
    for number in range(3):
        pool.add(Task(number, lambda crumbs: forever(), LONG))
    seen: list[int] = []

    def tick() -> None:
        seen.extend(child.pid for _, child in pool._running.values())
        if len(seen) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(pool.run(tick))
    assert len(set(seen)) == 3
    assert not any(alive(pid) for pid in seen)


# Sanitizers.


def test_nothing_is_written_to_the_temporary_folder_for_a_sanitizer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A name that can be guessed may be somebody's link, and two runs would share it."""
    started: list[dict[str, str]] = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv(sanitizers.MARK, raising=False)
    monkeypatch.setattr(os, "execve", lambda path, words, env: started.append(env))
    sanitizers.preload(["libasan.so.8"])
    assert list(tmp_path.iterdir()) == []
    options = dict(part.split("=", 1) for part in started[0]["LSAN_OPTIONS"].split(":"))
    assert "leak:python" in Path(options["suppressions"]).read_text(encoding="utf-8").splitlines()
