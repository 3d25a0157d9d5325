# SPDX-License-Identifier: Apache-2.0
"""The process between the reporter and the children: what it keeps from the one, and ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.engine import procfs
from ffi_cts.engine.child import Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.deadline import Overrun
from ffi_cts.engine.foreman import ForemanDied, Message, Tell, oversee, run_apart
from ffi_cts.engine.orphans import Orphans
from ffi_cts.engine.supervisor import Supervisor, Task
from support.command import PACKAGES
from support.processes import wait_until

LONG = Limits(100.0)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def daemon(file: Path) -> int:
    """Start a process in a session of its own whose parent is gone; its id goes into ``file``."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            file.with_suffix(".new").write_text(str(os.getpid()))
            file.with_suffix(".new").rename(file)
            while True:
                time.sleep(60)
        os._exit(0)
    os.wait()
    while not file.exists():
        time.sleep(0.001)
    return int(file.read_text())


def pipes() -> dict[int, tuple[int, int]]:
    """The pipes that this process has: descriptors with what identifies them."""
    found = {}
    for number in range(3, 256):
        with contextlib.suppress(OSError):
            facts = os.fstat(number)
            if stat.S_ISFIFO(facts.st_mode):
                found[number] = (facts.st_dev, facts.st_ino)
    return found


def write_to_pipes(data: bytes, spared: dict[int, tuple[int, int]]) -> None:
    """Write to every pipe that this process has, but for those of the tests themselves."""
    for number, identity in pipes().items():
        if identity not in spared.values():
            with contextlib.suppress(OSError):
                os.write(number, data)


# Messages.


def test_messages_arrive_in_order_and_whole() -> None:
    big = "x" * 3_000_000

    def work(tell: Tell) -> None:
        for number in range(100):
            tell({"number": number})
        tell({"big": big})

    messages = list(oversee(work))
    assert messages == [*({"number": number} for number in range(100)), {"big": big}]


def test_what_the_work_raises_is_told() -> None:
    def work(tell: Tell) -> None:
        raise KeyError("ours")

    with pytest.raises(RuntimeError, match=r"Traceback(.|\n)*KeyError: 'ours'"):
        list(oversee(work))


def test_a_foreman_that_is_killed_is_missed() -> None:
    def work(tell: Tell) -> None:
        tell({"before": 1})
        os.kill(os.getpid(), signal.SIGKILL)

    seen: list[Message] = []
    with pytest.raises(ForemanDied):
        seen.extend(iter(oversee(work)))
    assert seen == [{"before": 1}]


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x01"])
def test_what_is_no_message_ends_it(data: bytes) -> None:
    spared = pipes()

    def work(tell: Tell) -> None:
        write_to_pipes(data, spared)
        os._exit(0)

    with pytest.raises(ForemanDied):
        list(oversee(work))


def test_children_cannot_write_messages() -> None:
    """A library that writes to every pipe forges no result."""
    spared = pipes()

    def body(crumbs: Crumbs) -> bytes:
        write_to_pipes(b"\xff\xff\xff\xff", spared)
        return b"done"

    assert run_apart(body, LONG).result == b"done"


def test_an_ending_survives_the_journey() -> None:
    def body(crumbs: Crumbs) -> bytes:
        crumbs.enter("call(1)")
        os.write(1, b"said \xff")
        return bytes(range(256))

    ending = run_apart(body, LONG)
    assert (ending.result, ending.exit_code, ending.calls) == (bytes(range(256)), 0, ("call(1)",))
    assert (ending.output, ending.in_call) == ("said \N{REPLACEMENT CHARACTER}", True)


# Who ends whom.


def sleeps(crumbs: Crumbs) -> bytes:
    time.sleep(600)
    return b""


def test_closing_ends_the_foreman_and_all_below(tmp_path: Path) -> None:
    file = tmp_path / "pid"

    def work(tell: Tell) -> None:
        pool: Supervisor[int] = Supervisor(1)
        pool.add(Task(0, lambda crumbs: b"%d" % daemon(file), Limits(1e6)))
        pool.add(Task(1, sleeps, Limits(1e6)))
        tell({"foreman": os.getpid()})
        for _ in pool.run():
            pass

    messages = oversee(work)
    foreman = next(messages)["foreman"]
    wait_until(file.exists)
    messages.close()
    assert not alive(foreman)
    assert not alive(int(file.read_text()))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_when_the_reporter_dies(tmp_path: Path, how: signal.Signals) -> None:
    script = f"""
import os, sys, time
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_foreman import daemon, LONG, run_apart

def body(crumbs):
    daemon(Path({str(tmp_path / "pid")!r}))
    time.sleep(600)

run_apart(body, LONG)
"""
    env = {**os.environ, "PYTHONPATH": PACKAGES}
    with subprocess.Popen([sys.executable, "-c", script], env=env) as parent:
        wait_until((tmp_path / "pid").exists)
        parent.send_signal(how)
    wait_until(lambda: not alive(int((tmp_path / "pid").read_text())))


def test_children_of_the_reporter_are_neither_killed_nor_collected(tmp_path: Path) -> None:
    """Under pytest there are other plugins, which start processes while checks run."""
    others: list[subprocess.Popen[bytes]] = []

    def work(tell: Tell) -> None:
        pool: Supervisor[int] = Supervisor(2)
        for number in range(5):
            pool.add(Task(number, lambda crumbs: b"done", LONG))
        for task, _ in pool.run():
            tell({"done": task.key})

    for _ in oversee(work):
        others.append(subprocess.Popen(["sh", "-c", "exit 7"]))
        others.append(subprocess.Popen(["sleep", "600"]))
    for short, long in zip(others[::2], others[1::2], strict=True):
        assert short.wait() == 7
        assert long.poll() is None
        long.kill()
        long.wait()


def test_a_library_that_kills_its_parent_kills_a_foreman() -> None:
    def body(crumbs: Crumbs) -> bytes:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
        return b""

    ending = run_apart(body, LONG)
    assert ending.lost
    assert ending.overrun is Overrun.ABANDONED


# What is left behind.


def in_a_foreman(work: Callable[[], Any]) -> Any:
    (message,) = oversee(lambda tell: tell({"value": work()}))
    return message["value"]


def test_a_swarm_is_ended() -> None:
    """Processes of one group that fork all the time, each living for a moment."""

    def swarm(crumbs: Crumbs) -> bytes:
        if os.fork() == 0:
            os.setsid()
            end = time.monotonic() + 60
            while time.monotonic() < end:
                if os.fork():
                    os._exit(0)
        return b"done"

    ending = run_apart(swarm, LONG)
    assert ending.result == b"done"


def test_what_cannot_be_ended_is_noted_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of another user: the system refuses to kill it."""

    def work() -> Any:
        notes: list[str] = []
        stray = 0

        def refuse(pid: int, number: int) -> None:
            raise PermissionError(1, "Operation not permitted")

        with Orphans(notes) as found:
            stray = os.fork()
            if stray == 0:
                time.sleep(600)
                os._exit(0)
            kill = os.kill
            os.kill = os.killpg = refuse
            found.kill(())
            found.kill(())
            os.kill = kill
        still = alive(stray)
        os.kill(stray, signal.SIGKILL)
        return [notes, still]

    notes, still = in_a_foreman(work)
    assert still
    assert len(notes) == 1
    assert "belongs to another user and can't be killed" in notes[0]


def test_what_multiplies_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated: whenever it is asked, there is another stray."""

    def work() -> Any:
        notes: list[str] = []
        found = Orphans(notes)
        found._patience = 0.05
        fresh = iter(range(10**7, 10**9))
        procfs.children = lambda process: [next(fresh)]
        found.kill(())
        found.kill(())
        return notes

    notes = in_a_foreman(work)
    assert any("multiplies faster than it can be killed" in note for note in notes)
    assert len(notes) <= 2


def test_orphans_in_the_session_of_a_running_check_are_part_of_it(tmp_path: Path) -> None:
    """While one check ends, what another has begun and let go is not touched."""
    file = tmp_path / "pid"

    def slow(crumbs: Crumbs) -> bytes:
        if os.fork() == 0:
            if os.fork() == 0:
                file.write_text(str(os.getpid()))
                while True:
                    time.sleep(60)
            os._exit(0)
        os.wait()
        wait_until((tmp_path / "others are done").exists)
        return b"alive" if alive(int(file.read_text())) else b"killed"

    def quick(crumbs: Crumbs) -> bytes:
        wait_until(lambda: file.exists() and file.read_text())
        return b""

    def work(tell: Tell) -> None:
        pool: Supervisor[str] = Supervisor(2)
        pool.add(Task("slow", slow, LONG))
        pool.add(Task("quick", quick, LONG))
        for task, ending in pool.run():
            tell({task.key: (ending.result or b"").decode()})
            (tmp_path / "others are done").touch()

    assert list(oversee(work)) == [{"quick": ""}, {"slow": "alive"}]
    assert not alive(int(file.read_text()))


def test_bodies_see_what_the_foreman_imported() -> None:
    def work(tell: Tell) -> None:
        import tabnanny  # noqa: F401

        pool: Supervisor[int] = Supervisor(1)
        pool.add(Task(0, lambda crumbs: json.dumps("tabnanny" in sys.modules).encode(), LONG))
        for _, ending in pool.run():
            tell({"imported": json.loads(ending.result or b"null")})

    assert list(oversee(work)) == [{"imported": True}]
    assert "tabnanny" not in sys.modules
