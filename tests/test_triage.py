# SPDX-License-Identifier: Apache-2.0
"""Where an implementation stands, and deviations by what they share."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from ffi_cts._paths import resource
from ffi_cts.report import terminal
from ffi_cts.report.triage import RESTS_ON, grouped, in_order, reasons_of, standing
from ffi_cts.results import CheckResult, Implementation, Level, Report, Run, Status, Suite

CLAUSE = "X-Y-01"


def check(
    id: str, status: Status = Status.FAIL, message: str = "", in_call: str = ""
) -> CheckResult:
    return CheckResult(
        id=id,
        clauses=(CLAUSE,),
        level=Level.MUST,
        profile="core",
        status=status,
        message=f"{CLAUSE}: The promise.\n{message}" if status is Status.FAIL else message,
        in_call=in_call,
    )


def report(*checks: CheckResult, features: tuple[str, ...] = (), partial: bool = False) -> Report:
    return Report(
        suite=Suite(version="1", spec_sha256=""),
        implementation=Implementation(id="x", path="/x.so", sha256="0" * 64, features=features),
        run=Run(effort="quick", seed=0, partial=partial),
        checks=checks,
    )


def shown(report: Report, *, every: bool = False) -> str:
    stream = io.StringIO()
    terminal.render(report, Console(file=stream, soft_wrap=True), every=every)
    return stream.getvalue()


def test_every_area_has_its_place_and_rests_on_earlier_ones() -> None:
    folders = {path.name for path in resource("conformance").iterdir() if any(path.glob("test_*"))}
    assert set(RESTS_ON) == folders
    areas = list(RESTS_ON)
    for number, (area, bases) in enumerate(RESTS_ON.items()):
        assert set(bases) <= set(areas[:number]), area
    assert areas[-1] == "deletion"


def test_the_order_is_one_of_work() -> None:
    ids = ["deletion/drop::a", "odd/one::a", "refcount/calls::a", "refcount/new::a", "symbols/x::a"]
    found = [each.id for each in in_order(map(check, ids))]
    assert found == [
        *("symbols/x::a", "refcount/new::a", "refcount/calls::a", "odd/one::a", "deletion/drop::a"),
    ]


def test_where_it_stands() -> None:
    found = standing(
        report(
            check("version/version::a", Status.PASS),
            check("version/version::b", Status.UNSUPPORTED),
            check("layout/objects::a"),
            check("values/pods::a", Status.LOST),
            features=("TVMFFIGetVersion", "type:ffi.String"),
        )
    )
    assert found.present == ("TVMFFIGetVersion",)
    assert "TVMFFIObjectIncRef" in found.missing
    assert [(area.name, area.holds) for area in found.areas] == [
        ("version", True),
        ("layout", False),
        ("values", False),
    ]
    assert found.areas[2].shaky == ("layout",)
    assert [area.total for area in found.areas] == [2, 1, 1]


def lacks(area: str, *functions: str) -> CheckResult:
    message = f"the implementation lacks {', '.join(functions)}"
    return check(f"{area}/file::{len(functions)}", Status.UNSUPPORTED, message)


def test_what_is_missing_comes_in_the_order_of_work() -> None:
    found = standing(
        report(
            *[lacks("layout", "TVMFFITensorFromDLPack")] * 3,
            *[check("layout/file::a", Status.PASS)] * 4,
            *[lacks("errors", "TVMFFIErrorCreate", "TVMFFIErrorSetRaised")] * 3,
            *[lacks("errors", "TVMFFIErrorCreate")] * 2,
            *[lacks("tensors", "TVMFFIErrorCreate", "TVMFFITensorFromDLPack")] * 4,
            lacks("strings", "TVMFFIBigIntFromByteArray"),
            features=("TVMFFITensorToDLPack",),
        )
    )
    assert found.missing[:3] == (
        *("TVMFFIErrorCreate", "TVMFFIErrorSetRaised", "TVMFFITensorFromDLPack"),
    )
    assert "TVMFFITensorToDLPack" not in found.missing
    assert found.missing.index("TVMFFIBigIntFromByteArray") > 2
    assert {area.name: area.lacking for area in found.areas} == {
        "layout": ("TVMFFITensorFromDLPack",),
        "strings": ("TVMFFIBigIntFromByteArray",),
        "errors": ("TVMFFIErrorCreate", "TVMFFIErrorSetRaised"),
        "tensors": ("TVMFFIErrorCreate", "TVMFFITensorFromDLPack"),
    }


def test_the_line_of_an_area_says_what_it_lacks() -> None:
    needs = ("TVMFFIErrorCreate", "TVMFFIErrorSetRaised", "TVMFFIErrorMoveFromRaised")
    text = shown(report(check("strings/from::a"), *[lacks("errors", *needs)] * 3))
    line = next(line for line in text.splitlines() if line.startswith("  errors"))
    assert re.search(r"lacks \w+, \w+, and 1 more; rests on strings$", line), line


def test_what_deviates_alike_is_one_group() -> None:
    groups = grouped(
        [
            check("refcount/new::count[string]", message="a new string has (1, 0), not (1, 1)"),
            check("refcount/new::count[bytes]", message="a new bytes has (1, 0), not (1, 1)"),
            check("refcount/new::other", message="a new string is b'x\\'y' at 0x7f"),
            check("refcount/new::third", message="a new string is b'z' at 0x80"),
        ]
    )
    assert [[each.id for each in group.every] for group in groups] == [
        ["refcount/new::count[string]", "refcount/new::count[bytes]"],
        ["refcount/new::other", "refcount/new::third"],
    ]


def test_deaths_are_one_group_by_how_and_in_which_call() -> None:
    def crash(id: str, how: str, call: str) -> CheckResult:
        return check(id, Status.CRASH, message=f"killed by {how} inside {call}", in_call=call)

    groups = grouped(
        [
            crash("errors/calls::a", "SIGSEGV", "TVMFFIFunctionCall(function, NULL, 0)"),
            crash("functions/call::b", "SIGSEGV", "TVMFFIFunctionCall(function, [1], 1)"),
            crash("functions/call::c", "SIGABRT", "TVMFFIFunctionCall(function, NULL, 0)"),
            crash("functions/call::d", "SIGSEGV", "TVMFFIErrorCreate(1)"),
        ]
    )
    assert [len(group.every) for group in groups] == [2, 1, 1]
    assert groups[0].first.id == "functions/call::b"


def test_reasons_are_counted() -> None:
    lacking = [
        check(f"types/info::{n}", Status.UNSUPPORTED, message=f"lacks {what}")
        for n, what in enumerate(["A", "B", "B"])
    ]
    assert [(why, len(each)) for why, each in reasons_of(lacking)] == [
        ("lacks B", 2),
        ("lacks A", 1),
    ]


def test_the_terminal_begins_with_the_work_and_ends_with_the_verdict() -> None:
    many = [check(f"errors/raise::case[{n}]", message=f"case {n} gave 5") for n in range(40)]
    different = [check(f"types/info::{w}", message=f"{w} is odd") for w in "abcdefghij"]
    full = report(*different, *many, check("types/info::z", Status.UNSUPPORTED, "lacks Z"))
    text = shown(full)
    assert "0 of 50 functions" in text
    assert "50 deviations in 11 groups, the most basic first; -v shows each in full" in text
    assert "types  " in text
    assert "rests on errors" in text
    assert "  also    errors/raise::case[39]" in text
    assert text.count("message   ") == 8
    assert "FAIL      types/info::j  j is odd" in text
    assert "     1  lacks Z" in text
    assert text.splitlines()[-1].startswith("nonconformant: 50 MUST checks")
    assert shown(full, every=True).count("message   ") == 50


def test_a_selection_has_no_standing() -> None:
    text = shown(report(check("errors/raise::a"), partial=True))
    assert "functions" not in text
    # Of many checks there is a table, but it does not say how many areas hold.
    text = shown(report(*[check("errors/raise::a")] * 10, partial=True))
    assert "stands    0 of 50 functions\n" in text
    assert "  errors     0       10             0\n" in text


def test_warnings_are_grouped_too() -> None:
    odd = [check(f"process/scope::own[{w}]", Status.WARN, f"{w} is odd") for w in "abc"]
    text = shown(report(*odd, check("values/pods::a", Status.WARN, "differs")))
    assert "  warn    values/pods::a  [must] X-Y-01  differs\n  warn x3 process/scope" in text
    assert shown(report(*odd), every=True).count("process/scope::own") == 3


def test_odd_ids_are_harmless(tmp_path: Path) -> None:
    odd = [check("no-area"), check("[x"), check("a/b::c[]"), check("a/b::c[(]", message="(")]
    assert sum(len(group.every) for group in grouped(odd)) == 4
