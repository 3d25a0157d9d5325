# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts bench``: real libraries, real processes, and libraries that break down on the way."""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import attrs
import pytest

from ffi_cts._paths import native_program, reference_library
from ffi_cts.bench import admission, measure, store, table
from ffi_cts.bench.meters import clock, driver, instructions, surroundings
from ffi_cts.bench.model import Benchmark
from ffi_cts.bench.settings import Settings, choose
from ffi_cts.engine.program import Ending, Exited, How, Signalled
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.library.targets import resolve
from support.command import Command
from support.processes import processes_of, wait_until

pytestmark = pytest.mark.slow

needs_valgrind = pytest.mark.skipif(
    shutil.which("valgrind") is None, reason="valgrind is not installed"
)
FEW = ("--only", "call.args_*", "--only", "*object.*", "--layer", "c")
TWO = ("--only", "object.function", "--only", "object.opaque", "--layer", "c")


def bench(
    command: Command, tmp_path: Path, *arguments: str | Path, ops: tuple[str, ...] = FEW
) -> tuple[int, dict[str, Any], str]:
    """Run it on few operations; exit code, the JSON file's data and everything it printed."""
    file = tmp_path / "b.json"
    done = command("bench", *arguments, *ops, "--json", file, "--rounds", "2")
    data = json.loads(file.read_text()) if file.exists() else {}
    return done.returncode, data, done.stdout + done.stderr


def test_every_operation_of_the_reference_is_measured_and_right() -> None:
    ops = driver.operations("c")
    arm = clock.Arm("reference", reference_library())
    times = clock.measure("c", [arm], {"reference": [op.name for op in ops]}, rounds=1)
    assert times.broken["reference"] == {}
    left_out = set(times.skipped["reference"])
    assert all(op.startswith("container.") for op in left_out), left_out
    assert set(times.rounds["reference"]) == {op.name for op in ops} - left_out
    assert all(value > 0 for values in times.rounds["reference"].values() for value in values)


def test_names_are_unique_and_say_what_they_do() -> None:
    ops = choose(Settings(layers=("c",)))
    names = [op.name for op in ops]
    assert len(names) == len(set(names)) > 80
    assert all(op.says for op in ops)
    assert {op.name for op in ops if op.control} == {
        *("control.empty_loop", "control.indirect_call", "control.malloc_free")
    }


@needs_valgrind
def test_counts_repeat_to_the_bit() -> None:
    ops = tuple(op.name for op in driver.operations("c"))
    request = driver.Request("c", instructions.CALLGRIND, reference_library(), ops)
    first, second = (instructions.count(request) for _ in range(2))
    assert first.samples == second.samples
    assert first.broken == {}
    assert len(first.samples) > 60
    # What is counted is the loop's content: a call costs more than its floor, and less than ten.
    floor, call = (first.samples[op][0] for op in ("control.indirect_call", "call.args_0"))
    assert floor <= call < 10 * floor


@needs_valgrind
def test_json_has_one_entry_for_each_target_and_operation(command: Command, tmp_path: Path) -> None:
    code, data, said = bench(command, tmp_path, "reference", "--force", "--meter", "both")
    assert code == 0, said
    read = store.read(tmp_path / "b.json")
    assert isinstance(read, Benchmark)
    assert json.loads(store.to_json(read)) == data
    row = next(r for r in data["results"] if r["op"] == "call.args_3" and r["meter"] == "time")
    assert list(row) == [
        *("target", "op", "layer", "meter", "value", "min", "q10", "median", "cv", "n", "floor"),
        "counts",
    ]
    assert row["target"] == "reference"
    assert row["n"] == 2
    assert row["min"] <= row["q10"] <= row["median"]
    assert row["floor"] > 0
    counted = [r for r in data["results"] if r["meter"] == "instructions"]
    assert {r["cv"] for r in counted} == {0.0}
    assert {r["n"] for r in counted} == {surroundings.LAYOUTS}
    assert {len(r["counts"]) for r in counted} == {surroundings.LAYOUTS + 1}
    assert data["machine"]["features"]
    assert any(r["op"].startswith("threads2.") for r in data["results"])


def test_a_library_that_lacks_a_function_is_measured_without_it(
    command: Command, tmp_path: Path
) -> None:
    done = command(
        *("bench", "reference", "--only", "container.*", "--force", "--meter", "time"),
        *("--layer", "c", "--rounds", "1"),
    )
    assert done.returncode == 4
    assert "no such global function" in done.stdout


@pytest.mark.slow
def test_an_operation_that_kills_the_process_costs_no_other(
    command: Command, tmp_path: Path, hostile: dict[str, Path]
) -> None:
    code, data, said = bench(
        command, tmp_path, hostile["aborts"], "--force", "--meter", "time", "--only", "any.int"
    )
    assert code == 3, said
    broken = {skip["op"]: skip["reason"] for skip in data["skipped"] if skip["broken"]}
    assert broken["object.function"] == "killed by SIGABRT"
    assert {r["op"] for r in data["results"]} >= {"object.opaque", "any.int"}


@pytest.mark.slow
def test_an_operation_that_hangs_is_given_up(
    command: Command, tmp_path: Path, hostile: dict[str, Path]
) -> None:
    code, data, said = bench(
        command,
        tmp_path,
        hostile["loops"],
        *("--force", "--meter", "time"),
        *("--timeout-scale", "0.03"),
        ops=TWO,
    )
    assert code == 3, said
    assert any("no answer within" in skip["reason"] for skip in data["skipped"])
    assert any(r["op"] == "object.opaque" for r in data["results"])


@pytest.mark.parametrize("flaw", ["constructor_crashes", "constructor_exits"])
def test_a_library_that_can_not_be_loaded_is_refused(
    command: Command, tmp_path: Path, hostile: dict[str, Path], flaw: str
) -> None:
    code, data, said = bench(command, tmp_path, hostile[flaw], "--force", "--meter", "time")
    assert (code, data) == (2, {}), said
    assert "can't be loaded" in said


@pytest.mark.slow
@pytest.mark.parametrize("flaw", ["destructor_crashes", "floods_stdout", "closes_descriptors"])
def test_bad_manners_do_not_spoil_numbers(
    command: Command, tmp_path: Path, hostile: dict[str, Path], flaw: str
) -> None:
    code, data, said = bench(
        command,
        tmp_path,
        hostile[flaw],
        *("--force", "--meter", "time", "--timeout-scale", "0.03"),
        ops=TWO,
    )
    assert code in (0, 3), said
    assert any(r["op"] == "object.opaque" for r in data["results"])


@pytest.mark.slow
def test_a_library_that_fails_the_core_gets_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "core_verdict", lambda *given: "nonconformant")
    settings = Settings(meters=("time",), layers=("c",), only=("call.*",))
    found = measure.Measurement([resolve("reference")], settings).run()
    assert measure.exit_code(found) == 1
    assert found.results == ()
    assert found.targets[0].core == "nonconformant"
    assert "--force" in table.markdown(found)


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        (Exited(0), "conformant"),
        (Exited(1), "nonconformant"),
        (Exited(3), "incomplete"),
        (Exited(4), "incomplete"),
        (Exited(2), UsageError),
        (Exited(70), HarnessError),
        (Signalled(signal.SIGSEGV), HarnessError),
        (Exited(130), KeyboardInterrupt),
        (Signalled(signal.SIGINT), KeyboardInterrupt),
    ],
)
def test_the_verdict_on_the_core_is_that_of_a_run(
    monkeypatch: pytest.MonkeyPatch, how: How, verdict: str | type[BaseException]
) -> None:
    ending = Ending(how, errors="ffi-cts: said\n")
    monkeypatch.setattr("ffi_cts.engine.program.run", lambda words, env: ending)
    target = attrs.evolve(resolve("reference"), id=str(how))
    if isinstance(verdict, str):
        assert admission.core_verdict(target, None, 1.0) == verdict
        return
    with pytest.raises(verdict) as caught:
        admission.core_verdict(target, None, 1.0)
    if verdict is UsageError:
        assert "said" in str(caught.value)
        assert "ffi-cts:" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.slow
def test_the_core_is_judged_before_anything_is_measured(command: Command, tmp_path: Path) -> None:
    code, data, said = bench(command, tmp_path, "reference", "--meter", "time")
    assert code == 0, said
    assert data["targets"][0]["core"] == "conformant"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "No TARGET"),
        (("nothing",), "no target 'nothing'"),
        (("reference", "--only", "nothing.*"), "fits no operation"),
        (("reference", "--json", "/nowhere/b.json"), "no folder /nowhere"),
        (("apache-tvm-ffi>=0.1*",), "Write apache-tvm-ffi==* for all of them"),
    ],
)
def test_bad_input_is_refused(command: Command, arguments: tuple[str, ...], says: str) -> None:
    done = command("bench", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_valgrind_the_reason_is_given(command: Command, tmp_path: Path) -> None:
    done = command(
        *("bench", "reference", "--force", "--meter", "instructions", "--layer", "c"),
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "valgrind is not installed" in done.stderr
    assert "--meter time" in done.stderr


def test_the_processors_counter_counts_or_says_why_not(command: Command, tmp_path: Path) -> None:
    done = command(
        *("bench", "reference", "--force", "--meter", "instructions", "--counter", "hardware"),
        *FEW,
    )
    if done.returncode == 2:
        assert "can't count instructions so" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert "call.args_0" in done.stdout


def interrupted(
    command: Command, file: Path, phase: str, seconds: float, *arguments: str
) -> dict[str, Any]:
    """Press Ctrl-C `seconds` after the phase began; what the file holds then."""
    process = command.start(["bench", "reference", "--force", "--json", file, *arguments])
    assert process.stderr is not None
    stderr = process.stderr
    with process:
        wait_until(lambda: phase in stderr.readline())
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 3
    data: dict[str, Any] = json.loads(file.read_text())
    assert data["interrupted"] is True
    assert not processes_of(native_program("bench"))
    return data


@pytest.mark.alone  # any other driver would be taken for one that was left behind
def test_ctrl_c_keeps_what_was_measured(command: Command, tmp_path: Path) -> None:
    data = interrupted(
        command, tmp_path / "b.json", "timing", 1.5, "--meter", "time", *FEW, "--rounds", "1000"
    )
    assert data["results"]
    assert all(row["n"] < 1000 for row in data["results"])
    assert not any(skip["broken"] for skip in data["skipped"])


@needs_valgrind
@pytest.mark.alone
def test_ctrl_c_ends_the_counting_too(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    interrupted(command, file, "counting", 0.3, "--meter", "instructions", "--layer", "c")


def test_markdown_and_table_hold_the_same_numbers(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "b.md"
    done = command(
        *("bench", "reference", reference_library(), "--force", "--meter", "time", *FEW),
        *("--rounds", "1", "--markdown", file),
    )
    assert done.returncode == 0, done.stderr
    text = file.read_text()
    assert "| call.args_0 |" in text
    assert "libffi&#95;cts&#95;reference&#46;so" in text
    for line in text.splitlines():
        if line.startswith("| call.args_0"):
            for cell in line.split("|")[2:-1]:
                assert cell.strip() in done.stdout


def broken_files() -> dict[str, str]:
    machine = {
        "id": "x",
        "cpu": "c",
        "features": [],
        "cores": 1,
        "system": "s",
        "python": "3",
        "counter": "valgrind",
    }
    good = {
        "suite": "0",
        "machine": machine,
        "session": "s",
        "started": "t",
        "seconds": 1.0,
        "interrupted": False,
        "targets": [],
        "operations": [],
        "results": [],
        "skipped": [],
    }
    return {
        "not JSON": "{",
        "schema 99": json.dumps({**good, "kind": "benchmark", "schema": 99}),
        "$.seconds": json.dumps({**good, "kind": "benchmark", "schema": 1, "seconds": "long"}),
        "is a required property": json.dumps({"kind": "benchmark", "schema": 1}),
    }


@pytest.mark.parametrize(("says", "text"), broken_files().items())
def test_a_broken_file_is_refused(command: Command, tmp_path: Path, says: str, text: str) -> None:
    file = tmp_path / "saved.json"
    file.write_text(text)
    done = command("compare", file, "reference", "--force", "--meter", "instructions")
    assert done.returncode == 2
    assert says in done.stderr


def test_a_report_of_a_run_is_told_from_a_benchmark(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text('{"schema": 1, "suite": {}, "verdict": "conformant", "checks": []}')
    done = command("compare", file, "reference", "--force", "--meter", "instructions")
    assert done.returncode == 2
    assert "is a report, which `ffi-cts run` wrote; a benchmark is wanted here" in done.stderr
    assert "ffi-cts bench ... --json FILE" in done.stderr
    assert "broken" not in done.stderr
    saved = tmp_path / "benchmark.json"
    saved.write_text('{"schema": 1, "kind": "benchmark"}')
    done = command("report", saved)
    assert done.returncode == 2
    assert "is a benchmark, which `ffi-cts bench` wrote; a report is wanted here" in done.stderr
