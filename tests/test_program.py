# SPDX-License-Identifier: Apache-2.0
"""Other programs: how they are run, bounded and buried."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ffi_cts.engine import linux, program
from ffi_cts.engine.program import (
    Endless,
    Exited,
    How,
    Lines,
    NotStarted,
    Signalled,
    Stopped,
    TimedOut,
    run,
)
from support.command import PACKAGES
from support.processes import in_child, wait_until


def shell(script: str) -> list[str]:
    """The tests' programs are shell scripts; ``run`` itself starts no shell."""
    return ["/bin/sh", "-c", script]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.mark.parametrize(
    ("script", "how", "text"),
    [
        ("exit 0", Exited(0), "the process exited with code 0"),
        ("exit 7", Exited(7), "the process exited with code 7"),
        ("kill -USR1 $$", Signalled(signal.SIGUSR1), "killed by SIGUSR1"),
        ("sleep 600", TimedOut(0.2), "no answer within 0.2 s"),
        ("trap '' TERM INT HUP; while :; do :; done", TimedOut(0.2), "no answer within 0.2 s"),
    ],
)
def test_an_ending_has_a_type(script: str, how: How, text: str) -> None:
    ending = run(shell(script), seconds=0.2 if isinstance(how, TimedOut) else 60)
    assert ending.how == how
    assert str(ending.how) == text
    assert ending.succeeded is (how == Exited(0))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["there-is-no-such-program"], errno.ENOENT),
        ([os.devnull], errno.EACCES),
        (["/"], errno.EACCES),
    ],
)
def test_what_cannot_be_started_says_why(words: list[str], number: int) -> None:
    ending = run(words)
    assert ending.how == NotStarted(number)
    assert os.strerror(number) in str(ending.how)


def test_a_folder_that_is_missing_is_no_start(tmp_path: Path) -> None:
    assert run(["true"], cwd=tmp_path / "missing").how == NotStarted(errno.ENOENT)


def test_words_environment_and_folder_arrive_as_they_are(tmp_path: Path) -> None:
    script = "import os, sys; print(sys.argv[1:], os.environ['GIVEN'], os.getcwd())"
    words = [sys.executable, "-c", script, "$HOME", "a b", "*"]
    ending = run(words, env={"GIVEN": "x"}, cwd=tmp_path)
    assert ending.output == f"['$HOME', 'a b', '*'] x {tmp_path}\n"


def test_there_is_no_input_and_a_session_of_its_own() -> None:
    script = "import os; print(os.read(0, 9), os.getsid(0) == os.getpid())"
    assert run([sys.executable, "-c", script]).output == "b'' True\n"


def test_memory_is_limited() -> None:
    script = "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    assert run([sys.executable, "-c", script], memory=linux.GIB).output == f"{linux.GIB}\n"


def test_both_streams_are_kept_with_head_and_tail() -> None:
    script = "echo begin; yes | head -c 5000000; echo end; echo complaint >&2"
    ending = run(shell(script), head=100, tail=100)
    assert ending.output.startswith("begin\ny\n")
    assert ending.output.endswith("y\nend\n")
    assert "bytes left out" in ending.output
    assert len(ending.output) < 300
    assert ending.errors == "complaint\n"
    assert ending.last_words() == "complaint"


def test_a_flood_does_not_stop_the_clock() -> None:
    assert run(shell("yes"), seconds=0.3).how == TimedOut(0.3)


def test_a_daemon_that_keeps_the_pipes_keeps_nobody_waiting() -> None:
    ending = run(shell("setsid sleep 600 & echo $!"), seconds=60)
    os.kill(int(ending.output), signal.SIGKILL)
    assert ending.how == Exited(0)


@pytest.mark.parametrize("end", ["", "sleep 600"], ids=["ends", "hangs"])
def test_nothing_of_its_group_is_left(end: str) -> None:
    ending = run(shell(f"sleep 600 & echo $!; {end}"), seconds=0.5 if end else 60)
    pid = int(ending.output)
    wait_until(lambda: gone(pid))


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    script = f"""
from ffi_cts.engine.program import run
run(["/bin/sh", "-c", "echo $$ > {file}.new; mv {file}.new {file}; exec sleep 600"])
"""
    env = {**os.environ, "PYTHONPATH": PACKAGES}
    with subprocess.Popen([sys.executable, "-c", script], env=env) as parent:
        wait_until(file.exists)
        parent.kill()
    wait_until(lambda: gone(int(file.read_text())))


# A protocol.


def test_lines_come_one_by_one_whatever_standard_output_says() -> None:
    seen: list[bytes] = []
    with Lines(seen.append) as lines:
        assert len(str(lines.number)) == 3
        script = f"echo noise; printf 'one\\ntw' >&{lines.number}; echo o >&{lines.number}"
        ending = run(["/bin/bash", "-c", script], lines=lines)
    assert seen == [b"one", b"two"]
    assert ending.output == "noise\n"


@pytest.mark.parametrize("newline", ["", "; echo >&$0"], ids=["unfinished", "finished"])
def test_a_line_has_a_bound(newline: str) -> None:
    seen: list[bytes] = []
    with Lines(seen.append, longest=1000) as lines:
        script = f"echo fine >&$0; printf %01001d 0 >&$0{newline}; sleep 600"
        ending = run(["/bin/bash", "-c", script, str(lines.number)], seconds=60, lines=lines)
    assert ending.how == Endless(1000)
    assert seen == [b"fine"]


@pytest.mark.slow
def test_each_line_extends_the_time() -> None:
    seen: list[bytes] = []
    script = "for i in 1 2 3 4 5 6 7 8; do sleep 0.3; echo $i >&$0; done; sleep 600"
    with Lines(seen.append) as lines:
        words = ["/bin/bash", "-c", script, str(lines.number)]
        ending = run(words, seconds=120, silence=2.0, lines=lines)
    assert seen == [b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8"]
    assert ending.how == TimedOut(2.0)


def test_what_the_taker_raises_ends_the_program() -> None:
    def refuse(line: bytes) -> None:
        raise ValueError(int(line))

    with Lines(refuse) as lines:
        words = ["/bin/bash", "-c", "echo $$ >&$0; sleep 600", str(lines.number)]
        with pytest.raises(ValueError, match=r"\d+") as caught:
            run(words, seconds=60, lines=lines)
    assert gone(caught.value.args[0])


def test_no_descriptor_is_left_open() -> None:
    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = opened()
    for words in (["true"], ["there-is-no-such-program"]):
        with Lines(lambda line: None) as lines:
            run(words, lines=lines)
    assert opened() == before


def test_it_works_without_descriptors_for_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux, "open_pidfd", lambda pid: None)
    assert run(shell("echo done")).output == "done\n"
    assert run(shell("sleep 600"), seconds=0.2).how == TimedOut(0.2)


# The end of everything.


def test_an_interruption_stops_what_other_threads_run() -> None:
    endings: list[How] = []

    def work() -> None:
        for _ in range(2):
            endings.append(run(shell("sleep 600")).how)

    worker = threading.Thread(target=work)

    def interrupted() -> None:
        with program.killing():
            worker.start()
            wait_until(lambda: program._alive)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    worker.join(60)
    assert endings == [Stopped(), Stopped()]
    assert program.stopping()
    with program.killing():
        assert run(["true"]).how == Exited(0)


def test_a_request_to_stop_waits_for_the_start_and_is_not_lost() -> None:
    in_child(_ask_to_stop)


def _ask_to_stop() -> None:
    known: list[int] = []

    def start() -> None:
        with linux.undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            known.append(1)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            start()
    finally:
        signal.signal(signal.SIGINT, before)
    assert known == [1]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_program_may_be_asked_to_stop() -> None:
    """What is held back in the parent is not held back in the program."""
    script = "grep SigBlk /proc/self/status"
    assert int(run(shell(script)).output.split()[1], 16) == 0
