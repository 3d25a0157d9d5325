# SPDX-License-Identifier: Apache-2.0
"""The gate on libraries whose calls cost a known little more than those of another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.command import Command
from support.gate import CALLS, COUNT, Gate, compare, verdicts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed"),
]


@pytest.fixture(scope="module")
def gate(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate(command, tmp_path_factory.mktemp("gate"))


def test_a_library_is_as_fast_as_itself(command: Command, tmp_path: Path, gate: Gate) -> None:
    base = gate.library("base")
    again = shutil.copy(base, base.with_name("again.so"))
    code, data, said = compare(command, tmp_path, base, again, "--gate", *COUNT)
    assert code == 0, said
    assert set(verdicts(data).values()) == {"same"}
    assert set(verdicts(data)) > CALLS


def test_a_saved_file_takes_the_place_of_a_target(
    command: Command, tmp_path: Path, gate: Gate
) -> None:
    base, slower = gate.saved("base"), gate.library("plus5", extra=5)
    code, data, said = compare(command, tmp_path, base, slower, "--gate", *COUNT)
    assert code == 1, said
    assert {op for op, verdict in verdicts(data).items() if verdict == "slower"} == CALLS


@pytest.mark.parametrize("extra", [5, 21])
def test_a_few_instructions_are_found_exactly(
    command: Command, tmp_path: Path, gate: Gate, extra: int
) -> None:
    base, slower = gate.saved("base"), gate.saved(f"plus{extra}", extra=extra)
    code, data, said = compare(command, tmp_path, base, slower, "--gate", *COUNT)
    assert code == 1, said
    assert {op for op, verdict in verdicts(data).items() if verdict == "slower"} == CALLS
    assert {op for op, verdict in verdicts(data).items() if verdict != "slower"} >= {
        "object.incref_decref"
    }
    for change in data["changes"]:
        if change["op"] in CALLS:
            counted = change["instructions"]
            assert counted["candidate"] - counted["base"] == extra


def test_an_improvement_passes_and_is_told(command: Command, tmp_path: Path, gate: Gate) -> None:
    base, slower = gate.saved("base"), gate.saved("plus21", extra=21)
    code, data, said = compare(command, tmp_path, slower, base, "--gate", *COUNT)
    assert code == 0, said
    assert {op for op, verdict in verdicts(data).items() if verdict == "faster"} == CALLS
    assert "5 faster" in said


def test_without_a_gate_a_slower_call_is_told_and_passes(
    command: Command, tmp_path: Path, gate: Gate
) -> None:
    base, slower = gate.saved("base"), gate.saved("plus21", extra=21)
    code, _, said = compare(command, tmp_path, base, slower, *COUNT)
    assert code == 0, said
    assert "5 slower" in said


@pytest.mark.slow
def test_a_delay_without_an_instruction_is_no_matter_for_counts(
    command: Command, tmp_path: Path, gate: Gate
) -> None:
    quick = gate.library("quick", pauses=100)
    slow = gate.library("slow", pauses=100, slow=True)
    code, data, said = compare(
        command, tmp_path, quick, slow, "--gate", "--force", "--only", "call.args_0"
    )
    for change in data["changes"]:
        assert change["instructions"]["verdict"] == "same", said
        # A machine that is too restless may say so, but never that a tenfold time is the same.
        assert change["time"]["verdict"] in ("slower", "inconclusive"), said
        assert change["time"]["candidate"] > change["time"]["base"]
    assert code in (0, 1)
    assert code == (1 if "slower" in verdicts(data).values() else 0)


def test_a_slower_call_is_accepted_with_a_reason(
    command: Command, tmp_path: Path, gate: Gate
) -> None:
    accept = tmp_path / "accept.toml"
    accept.write_text(
        '[[accept]]\nop = "call.*"\nreason = "calls are traced now"\n'
        '[[accept]]\nop = "stream.*"\nreason = "nothing of that kind happened"\n'
    )
    markdown, plot = tmp_path / "c.md", tmp_path / "c.svg"
    code, data, said = compare(
        command,
        tmp_path,
        gate.saved("base"),
        gate.saved("plus5", extra=5),
        "--gate",
        *COUNT,
        *("--accept", accept, "--markdown", markdown, "--plot", plot),
    )
    assert code == 0, said
    assert {op for op, verdict in verdicts(data).items() if verdict == "accepted"} == CALLS
    assert data["stale"] == ["stream.*"]
    assert "calls are traced now" in said
    assert "| accepted | call.args\\_0 |" in markdown.read_text().replace(
        "call.args_0", "call.args\\_0"
    )
    assert plot.read_text().startswith("<svg ")


def test_a_file_of_something_else_is_refused(command: Command, tmp_path: Path, gate: Gate) -> None:
    saved, base = gate.saved("base"), gate.library("base")
    data = json.loads(saved.read_text())
    for change, says in (
        ({"suite": "0.0.1"}, "ffi-cts 0.0.1"),
        ({"machine": {**data["machine"], "id": "0"}}, "another machine"),
        ({"results": []}, "no counted instructions"),
    ):
        other = tmp_path / "other.json"
        other.write_text(json.dumps({**data, **change}))
        code, _, said = compare(command, tmp_path, other, base, *COUNT)
        assert code == 2, said
        assert says in said
    code, _, said = compare(command, tmp_path, saved, base, "--force", "--meter", "time")
    assert code == 2, said
    assert "interleaved" in said


def test_nothing_to_compare_is_an_error(command: Command, tmp_path: Path, gate: Gate) -> None:
    saved = gate.saved("base")
    few = ("--meter", "instructions", "--force", "--only", "container.*")
    code, _, said = compare(command, tmp_path, saved, saved, "--gate", *few)
    assert code == 4, said
    assert "no operation was measured on both sides" in said


def test_a_library_that_breaks_down_is_no_slower_one(
    command: Command, tmp_path: Path, gate: Gate, hostile: dict[str, Path]
) -> None:
    few = ("--meter", "instructions", "--force", "--only", "object.function", "--only", "*.opaque")
    saved = gate.saved("base")
    code, data, said = compare(command, tmp_path, saved, hostile["aborts"], "--gate", *few)
    assert code == 3, said
    assert verdicts(data)["object.function"] == "broken"
    assert verdicts(data)["object.opaque"] in ("same", "slower", "faster")
