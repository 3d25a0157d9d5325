# SPDX-License-Identifier: Apache-2.0
"""The self-test tested: on variants whose fate is known."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.engine.collecting import collect
from ffi_cts.engine.plan import Check
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.selftest import matrix, variants
from ffi_cts.selftest.matrix import run_selftest
from ffi_cts.selftest.variants import Builder, load_variants, read_variant

pytestmark = pytest.mark.slow

CREATE = "functions/create::deleter_runs_once_when_the_last_reference_goes"

KILLED = """
/* flaw: the deleter of a function never runs */
/* violates: FUNC-CREATE-04 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void *self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void *self), TVMFFIObjectHandle *out) {
  (void)deleter;
  return correct_TVMFFIFunctionCreate(self, safe_call, NULL, out);
}
"""
SURVIVOR = """
/* flaw: nothing at all is wrong here */
/* violates: FUNC-CREATE-04 */
#include "function.c"
"""
DIES = """
/* flaw: the process ends when a function is made, and when a device is odd */
/* violates: FUNC-CREATE-04, ENV-STREAM-05 */
#include <stdlib.h>
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void *self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void *self), TVMFFIObjectHandle *out) {
  abort();
}
"""
MISSPELT = KILLED.replace("FUNC-CREATE-04", "FUNC-CREATE-44")
BROKEN = "/* flaw: no C */\n/* violates: FUNC-CREATE-04 */\nint broken(\n"
SPARED = '/* oddity: none */\n#include "function.c"\n'
ACCUSED = KILLED.replace("flaw:", "oddity:").replace("violates: FUNC-CREATE-04", "")


class Bench:
    """A folder of variants in place of the shipped ones, and a run of the self-test on them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.file = root / "matrix.json"
        self.said: list[str] = []

    def add(self, kind: str, name: str, text: str) -> None:
        folder = self.root / "tests" / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.c").write_text(text)

    def run(self, *only: str, full: bool = False) -> int:
        return run_selftest(
            effort="quick",
            # Naming the variants leaves out the row of the reference, and the demand
            # that every clause has a mutant.
            only=only or ("*",),
            full=full,
            jobs=2,
            timeout_scale=1.0,
            json_file=self.file,
            say=self.said.append,
        )

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.file.read_text())
        return data

    def outcome(self, variant: str) -> dict[str, Any]:
        found: dict[str, Any] = next(v for v in self.data["variants"] if v["name"] == variant)
        return found


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("FFI_CTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(matrix, "load_variants", lambda: load_variants(tmp_path))
    _only_two_checks(monkeypatch)
    return Bench(tmp_path)


def _only_two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep it fast however many checks there are."""

    def few(loop: Callable[[list[Check]], None], plugins: Sequence[object]) -> None:
        collect(
            lambda checks: loop([c for c in checks if set(c.clause_ids) & KNOWN]),
            plugins,
            only=KNOWN_CHECKS,
        )

    monkeypatch.setattr(matrix, "collect", few)


KNOWN = {"FUNC-CREATE-04", "ENV-STREAM-05"}
KNOWN_CHECKS = (CREATE, "streams/bad_device::impossible_device_does_not_end_the_process")


def test_all_is_well(bench: Bench) -> None:
    bench.add("mutants", "deleter_never_runs", KILLED)
    bench.add("benign", "nothing_odd", SPARED)
    assert bench.run() == 0
    assert "killed   deleter_never_runs: the deleter of a function never runs" in bench.text
    assert "spared   nothing_odd" in bench.text
    assert "0 survivors, 0 false accusations" in bench.text
    assert bench.outcome("deleter_never_runs")["killed_by"] == {"FUNC-CREATE-04": [CREATE]}
    assert bench.data["survivors"] == bench.data["false_accusations"] == []


def test_a_clause_that_does_not_exist_is_no_survivor(bench: Bench) -> None:
    bench.add("mutants", "deleter_never_runs", MISSPELT)
    with pytest.raises(HarnessError, match=r"deleter_never_runs\.c: violates FUNC-CREATE-44"):
        bench.run()


def test_a_survivor_is_named_and_fails(bench: Bench) -> None:
    bench.add("mutants", "deleter_never_runs", KILLED)
    bench.add("mutants", "no_flaw", SURVIVOR)
    assert bench.run() == 1
    assert "SURVIVES no_flaw" in bench.text
    assert "NOT KILLED" in bench.text
    assert bench.data["survivors"] == [["no_flaw", "FUNC-CREATE-04"]]


def test_kills_count_for_the_clause_of_the_check_only(bench: Bench) -> None:
    bench.add("mutants", "dies", DIES)
    assert bench.run() == 1
    # The crash kills by the check of one clause; the other clause holds.
    assert bench.outcome("dies")["killed_by"] == {"FUNC-CREATE-04": [CREATE], "ENV-STREAM-05": []}
    assert bench.data["survivors"] == [["dies", "ENV-STREAM-05"]]


def test_an_accused_benign_variant_fails(bench: Bench) -> None:
    bench.add("benign", "odd_deleter", ACCUSED)
    assert bench.run() == 1
    assert "ACCUSED  odd_deleter" in bench.text
    assert f"false accusation: odd_deleter: {CREATE}" in bench.text


def test_the_full_matrix_runs_every_check(bench: Bench) -> None:
    bench.add("mutants", "deleter_never_runs", KILLED)
    assert bench.run(full=True) == 0
    outcomes = bench.outcome("deleter_never_runs")["outcomes"]
    assert len(outcomes) == 2
    assert outcomes[CREATE] == "fail"


def test_variants_are_chosen_by_name(bench: Bench) -> None:
    bench.add("mutants", "deleter_never_runs", KILLED)
    bench.add("mutants", "no_flaw", SURVIVOR)
    assert bench.run("deleter_*") == 0
    assert "no_flaw" not in bench.text
    with pytest.raises(UsageError, match=r"no mutant and no benign variant has such a name\."):
        bench.run("zzz")


def test_a_clause_without_a_kill_fails_the_whole_self_test(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add("mutants", "no_flaw", SURVIVOR)
    code = run_selftest(
        effort="quick",
        only=(),
        full=False,
        jobs=2,
        timeout_scale=1.0,
        json_file=None,
        say=bench.said.append,
    )
    assert code == 1
    assert "no mutant dies of FUNC-CREATE-04" in bench.text
    assert "no mutant dies of ENV-STREAM-05" not in bench.text  # not a MUST


def test_a_variant_that_does_not_compile_is_a_clear_error(bench: Bench) -> None:
    bench.add("mutants", "broken", BROKEN)
    with pytest.raises(HarnessError, match=r"could not build .*broken") as caught:
        bench.run()
    assert "error" in str(caught.value)
    assert caught.value.exit_code == 3


def test_nothing_is_left_behind(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = bench.root / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    bench.add("mutants", "deleter_never_runs", KILLED)
    bench.run()
    assert list(scratch.iterdir()) == []


# Reading and building.


@pytest.mark.parametrize(
    "text",
    ["", "/* flaw: x */", "/* violates: A-B-01 */", "// flaw: x\n// violates: A-B-01"],
)
def test_a_variant_must_say_what_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.c").write_text(text)
    with pytest.raises(HarnessError, match=r"x\.c says neither"):
        read_variant(tmp_path / "x.c")


def test_what_a_variant_says(tmp_path: Path) -> None:
    (tmp_path / "x.c").write_text(
        "/* flaw: a long\n   story */\n/* violates: A-B-01, A-B-02\n A-B-03 */\n"
        '#include "object.c"\n#include <stdlib.h>\n#include "error.c"\n'
    )
    variant = read_variant(tmp_path / "x.c")
    assert variant.note == "a long story"
    assert variant.violates == ("A-B-01", "A-B-02", "A-B-03")
    assert variant.replaces == ("object", "error")
    assert not variant.benign


def test_without_a_compiler_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match="needs a C compiler"):
        Builder(tmp_path, 1)
    assert variants.load_variants(tmp_path) == []
