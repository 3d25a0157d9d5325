# SPDX-License-Identifier: Apache-2.0
"""The HTML page of a benchmark: what it says, and what it refuses to trust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import attrs
import pytest

from ffi_cts.bench.model import (
    INSTRUCTIONS,
    METERS,
    TIME,
    Benchmark,
    Measured,
    Operation,
    Place,
    Row,
    Skip,
)
from ffi_cts.bench.page.changes import differs, series
from ffi_cts.bench.page.render import render
from ffi_cts.bench.page.view import label_of, short_labels
from support.pages import Markup, accessible, contained, contrasts, text_of

HOSTILE = (
    "/x/<script>alert(1)</script>\"'><img src=http://evil.example/x>\u202egpj.so\x1b[2J{{7*7}}"
)
RELEASES = tuple(f"apache-tvm-ffi==0.1.{n}" for n in range(21))
MACHINE = Place(
    id="0123456789abcdef",
    cpu="Some CPU",
    features=("avx",),
    cores=2,
    system="Linux x86_64, glibc 2.36",
    python="3.11.7",
    counter="valgrind-3.19.0",
)
Values = dict[str, Sequence[float | None]]


def row(target: str, op: str, value: float, meter: str = INSTRUCTIONS, **fields: Any) -> Row:
    timed = meter == TIME
    values: dict[str, Any] = {
        "layer": "python" if op.startswith("python.") else "cuda" if "kernel" in op else "c",
        "min": value,
        "q10": value,
        "median": value * (1.1 if timed else 1),
        "cv": 0.08 if timed else 0.0,
        "n": 30 if timed else 2,
        "floor": 1.5 if timed else 10.0,
    }
    return Row(target=target, op=op, meter=meter, value=value, **{**values, **fields})


def benchmark(
    ids: Sequence[str], values: Values, meters: Sequence[str] = (INSTRUCTIONS,), **fields: Any
) -> Benchmark:
    """Operations with a number per target, None for a gap. Times are the counts over 4."""
    rows = [
        row(id, op, value / (4 if meter == TIME else 1), meter)
        for meter in meters
        for op, numbers in values.items()
        for id, value in zip(ids, numbers, strict=True)
        if value is not None and not (meter == INSTRUCTIONS and op.startswith("threads2."))
    ]
    layers = {r.op: r.layer for r in rows}
    made: dict[str, Any] = {
        "suite": "1.2.3",
        "machine": MACHINE,
        "session": "feed",
        "started": "2026-11-22T21:00:00+00:00",
        "seconds": 61.0,
        "interrupted": False,
        "targets": tuple(Measured(id=i, path=f"/p/{i}", sha256="ab" * 32, core="x") for i in ids),
        "operations": tuple(
            Operation(op, layers.get(op, "c"), f"says {op}", control=op.startswith("control."))
            for op in values
        ),
        "results": tuple(rows),
    }
    made["targets"] = tuple(attrs.evolve(t, core="conformant") for t in made["targets"])
    return Benchmark(**{**made, **fields})


def full(meters: Sequence[str] = METERS) -> Benchmark:
    """21 releases, 90 operations of three layers, changes and gaps."""
    values: Values = {"control.indirect_call": [10.0] * 21}
    for n in range(89):
        start = "threads2." if n % 11 == 10 else ""
        start += ("call", "string", "python", "kernel")[n % 4]
        base = 20.0 + n * n
        values[f"{start}.operation_number_{n}"] = [
            None if at < n % 7 else base * (1 + 0.02 * ((at * n) % 5)) for at in range(21)
        ]
    made = benchmark(RELEASES, values, meters)
    gaps = tuple(
        Skip(target=id, op=op, layer="c", meter=meter, reason="the library lacks TVMFFISomething")
        for op, numbers in values.items()
        for id, value in zip(RELEASES, numbers, strict=True)
        for meter in meters
        if value is None
    )
    return attrs.evolve(made, skipped=gaps)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (100, 103, False),  # three instructions are the loop's
        (100, 104, True),
        (1000, 1010, False),  # exactly one per cent
        (1000, 1011, True),
        (1000, 989, True),
        (0, 50, False),  # no ratio to nothing
    ],
)
def test_what_is_a_change_of_instructions(old: float, new: float, expected: bool) -> None:
    assert differs(row("a", "x", old), row("b", "x", new)) is expected


def test_counts_that_do_not_repeat_are_no_change() -> None:
    assert not differs(row("a", "x", 1000), row("b", "x", 1050, cv=0.04))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"value": 10, "median": 15}, {"value": 13, "median": 20}, False),  # within the spread
        ({"value": 10, "median": 12}, {"value": 13, "median": 20}, True),
        ({"value": 13, "median": 20}, {"value": 10, "median": 12}, True),
        ({"value": 10, "median": 10}, {"value": 10.4, "median": 10.4}, False),  # under 5 %
        ({"value": 10, "median": 12, "n": 3}, {"value": 20, "median": 20, "n": 3}, False),
    ],
)
def test_what_is_a_change_of_time(old: dict[str, Any], new: dict[str, Any], expected: bool) -> None:
    before, after = (row(t, "x", meter=TIME, **d) for t, d in (("a", old), ("b", new)))
    assert differs(before, after) is expected


def test_a_change_is_between_the_nearest_targets_with_numbers() -> None:
    made = benchmark(("a", "b", "c"), {"call.x": [100, None, 200]})
    found = series(made, INSTRUCTIONS, ["a", "b", "c"])["call.x"]
    assert [(at, c.before, c.after) for at, c in found.marked] == [(2, "a", "c")]


@pytest.mark.parametrize(
    ("ratio", "label"),
    [
        (1.123, "▲ +12 %"),
        (1.014, "▲ +1.4 %"),
        (2.654, "▲ 2.65×"),
        (0.7, "▼ −30 %"),
        (229, "▲ 229×"),
    ],
)
def test_a_change_has_a_sign_and_words(ratio: float, label: str) -> None:
    assert label_of(ratio) == label


def test_labels_are_short_and_all_different() -> None:
    ids = ["apache-tvm-ffi==0.1.7", "/a/lib.so", "/b/lib.so", "/c/" + "long" * 30 + ".so", "/"]
    labels = short_labels(ids)
    assert labels["apache-tvm-ffi==0.1.7"] == "0.1.7"
    assert [labels["/a/lib.so"], labels["/b/lib.so"]] == ["lib.so", "lib.so (2)"]
    assert len(set(labels.values())) == len(ids)
    assert max(map(len, labels.values())) <= 32


def test_the_summary_names_what_changed_and_where() -> None:
    values: Values = {
        "control.indirect_call": [10, 10, 10, 10, 20],
        "call.x": [100, 100, 150, 150, 150],
        "string.y": [200, 100, 100, 300, 300],
    }
    seen = text_of(render(benchmark(RELEASES[:5], values)))
    assert "apache-tvm-ffi 0.1.0 to 0.1.4" in seen
    assert "3 changes by instructions: ▲ 2 slower, ▼ 1 faster, in 3 of 4 steps" in seen
    assert "▲ 3.00× the largest slowdown by instructions: string.y in 0.1.3, 100 → 300" in seen
    changes = seen.index("▲ 3.00× string.y 0.1.2 → 0.1.3")
    assert changes < seen.index("▼ −50 % string.y 0.1.0 → 0.1.1")
    assert seen.index("▼ −50 % string.y") < seen.index("▲ +50 % call.x 0.1.1 → 0.1.2")
    # A control is told of, but is no change of the library.
    assert "control.indirect_call differs between targets by up to 100%" in seen


def test_a_gap_has_its_reason() -> None:
    made = benchmark(RELEASES[:6], {"once.hit": [None, None, None, 20, 20, 20], "call.x": [9] * 6})
    gaps = [
        Skip(target=id, op="once.hit", layer="c", meter=INSTRUCTIONS, reason="it lacks once")
        for id in RELEASES[:3]
    ]
    seen = text_of(render(attrs.evolve(made, skipped=tuple(gaps))))
    assert "0.1.0 to 0.1.2 (3 targets): it lacks once" in seen
    assert "it lacks once once.hit 0.1.0 to 0.1.2 (3 targets)" in seen  # in the notes
    assert "once.hit –a –a –a 20 20 20" in seen
    assert "a it lacks once" in seen


def test_a_library_that_broke_down_is_told_first() -> None:
    made = benchmark(("a", "b"), {"call.x": [9, 9], "call.y": [9, None]})
    broken = Skip(
        target="b", op="call.y", layer="c", meter=INSTRUCTIONS, reason="SIGSEGV", broken=True
    )
    seen = text_of(render(attrs.evolve(made, skipped=(broken,))))
    assert "✗ 1 operation in which a library broke down" in seen
    assert "✗ the library broke down: SIGSEGV call.y b" in seen


def test_two_targets_differ_and_do_not_change() -> None:
    made = benchmark(("reference", RELEASES[5]), {"call.x": [10, 20]}, METERS)
    seen = text_of(render(made))
    assert "reference and apache-tvm-ffi 0.1.5" in seen
    assert "1 difference by instructions: ▲ 1 slower" in seen
    assert "1 difference by time" in seen
    assert "What each target changed" not in seen


def test_one_target_has_no_ratios() -> None:
    made = benchmark(("reference",), {"call.x": [10], "call.y": [1000]}, METERS)
    seen = text_of(render(made))
    assert "505 instructions is the median of 2 operations of reference" in seen
    for word in ("÷ first", "÷ previous", "▲", "▼", "changed only"):
        assert word not in seen
    assert "÷ floor" in seen


def test_a_benchmark_without_numbers_says_why() -> None:
    made = benchmark(("a",), {"call.x": [None]}, interrupted=True)
    made = attrs.evolve(made, targets=(attrs.evolve(made.targets[0], core="nonconformant"),))
    seen = text_of(render(made))
    assert "Nothing was measured" in seen
    assert "a: no numbers, its core is nonconformant" in seen
    assert "interrupted" in seen


def test_a_target_without_numbers_is_no_gap() -> None:
    made = benchmark(("a", "b", "c"), {"call.x": [10, None, 20]})
    targets = tuple(
        attrs.evolve(t, core="nonconformant" if t.id == "b" else "conformant") for t in made.targets
    )
    seen = text_of(render(attrs.evolve(made, targets=targets)))
    assert "b: no numbers, its core is nonconformant" in seen
    assert "1 difference by instructions" in seen


def test_two_threads_and_layers_have_their_place() -> None:
    values: Values = {"call.x": [9, 9], "threads2.call.x": [20, 20], "python.z": [80, 80]}
    page = render(benchmark(("a", "b"), values, METERS))
    seen = text_of(page)
    assert seen.index("Calls from C") < seen.index("Calls from Python")
    assert 'data-op="threads2.call.x says threads2.call.x"' in page
    assert "threads2.call.x two threads" in seen
    assert "Two threads are timed, their instructions are not counted: 1 operation" in seen
    assert re.findall(r"<h4>(.*?)</h4>", page) == ["call", "python"]


def test_hostile_names_are_only_text() -> None:
    made = benchmark((HOSTILE, "b"), {"call.x": [10, 20], HOSTILE: [10, None]}, METERS)
    skip = Skip(target="b", op=HOSTILE, layer="c", meter=TIME, reason=HOSTILE, broken=True)
    machine = attrs.evolve(MACHINE, cpu=HOSTILE, system=HOSTILE, counter=HOSTILE)
    page = render(
        attrs.evolve(made, skipped=(skip,), machine=machine, started=HOSTILE, session=HOSTILE)
    )
    page.encode()
    tags = Markup(page).tags
    assert sum(tag == "script" for tag, _ in tags) == 1
    assert not [tag for tag, _ in tags if tag == "img"]
    assert not [name for _, given in tags for name in given if name.startswith("on")]
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "{{7*7}}" in page
    assert "\\u202egpj.so\\x1b[2J" in page


@pytest.mark.parametrize("ids", [RELEASES, RELEASES[:3], RELEASES[:2], RELEASES[:1]])
def test_the_markup_is_sound_and_needs_nothing_from_outside(ids: Sequence[str]) -> None:
    made = full()
    kept = set(ids)
    made = attrs.evolve(
        made,
        targets=tuple(t for t in made.targets if t.id in kept),
        results=tuple(r for r in made.results if r.target in kept),
        skipped=tuple(s for s in made.skipped if s.target in kept),
    )
    page = render(made)
    contained(page)
    accessible(page)
    assert "nan" not in text_of(page).lower().split()


def test_only_the_page_s_own_script_may_run() -> None:
    contained(render(benchmark(("a", "b"), {"call.x": [10, 20]})))


@pytest.mark.parametrize("dark", [False, True])
def test_its_colours_can_be_told_apart(dark: bool) -> None:
    page = render(benchmark(("a", "b"), {"call.x": [10, 20]}))
    found = contrasts(page, ("ink", "soft", "up", "down"), ("paper", "faint"), dark=dark)
    found |= contrasts(page, ("ink", "up"), ("upback",), dark=dark)
    found |= contrasts(page, ("ink", "down"), ("downback",), dark=dark)
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


def test_every_number_is_in_the_tables() -> None:
    made = full()
    seen = text_of(render(made))
    for name in {r.op for r in made.results}:
        assert seen.count(name) >= 3, name


def test_many_releases_and_operations_stay_small() -> None:
    assert len(render(full((INSTRUCTIONS,))).encode()) < 1_000_000
    assert len(render(full()).encode()) < 1_500_000
