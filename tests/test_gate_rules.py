# SPDX-License-Identifier: Apache-2.0
"""The rules of the gate, on numbers made up for it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from ffi_cts.bench.gate import accepted, rules
from ffi_cts.bench.gate.model import Outcome, Reading, Round
from ffi_cts.bench.model import Counts
from ffi_cts.bench.stats import quantile
from ffi_cts.errors import UsageError


@pytest.mark.parametrize(
    ("base", "candidate", "expected"),
    [
        ((12, 12), (12, 12), Outcome.SAME),
        ((12, 12), (15, 15), Outcome.SAME),  # three instructions are no change
        ((12, 12), (15.5, 15.5), Outcome.SLOWER),
        ((12, 12), (17, 17), Outcome.SLOWER),
        ((100, 100), (96, 96), Outcome.FASTER),
        ((1000, 1000), (1010, 1010), Outcome.SAME),  # nor is one per cent
        ((1000, 1000), (1011, 1011), Outcome.SLOWER),
        ((60_000, 60_000), (60_021, 60_021), Outcome.SAME),
        ((12, 12), (17, 12), Outcome.UNSTABLE),
        ((12, 30), (17, 17), Outcome.UNSTABLE),
        ((12,), (17,), Outcome.UNSTABLE),
        ((12,), (12,), Outcome.SAME),
        # Each count but the last is of another layout: what these move is no change.
        ((576, 582, 576, 576), (582, 582, 582, 582), Outcome.SAME),
        ((576, 576, 576, 576), (576, 576, 590, 576), Outcome.SAME),
        ((576, 582, 576, 576), (588, 590, 588, 588), Outcome.SLOWER),
        ((576, 582, 576, 576), (587, 593, 587, 587), Outcome.SAME),  # by 5 of 582
        ((588, 590, 588, 588), (576, 582, 576, 576), Outcome.FASTER),
        ((44, 44, 44, 44), (65, 65, 65, 65), Outcome.SLOWER),
        ((44, 44, 44, 44), (65, 65, 65, 44), Outcome.UNSTABLE),
    ],
)
def test_instructions_decide(
    base: tuple[float, ...], candidate: tuple[float, ...], expected: Outcome
) -> None:
    assert rules.by_instructions(Counts.of(base), Counts.of(candidate)).verdict is expected


def test_a_difference_that_layouts_cover_is_told_as_such() -> None:
    found = rules.by_instructions(Counts.of((576, 600, 576, 576)), Counts.of((590,) * 4))
    assert (found.base, found.candidate) == (576, 590)
    assert found.ranges == ((576, 600), (590, 590))
    assert found.note == "no more than the layout of memory moves"


def rounds(level: float, number: int = 20, seed: int = 0, noise: float = 0.3) -> list[float]:
    """Times of a machine that is often slow: never less than `level`, often far more."""
    dice = random.Random(seed)
    return [
        level * (1.0 + abs(dice.gauss(0, 0.002)) + noise * (dice.random() < 0.6))
        for _ in range(number)
    ]


def collection(
    base: float = 10.0,
    again: float = 10.0,
    candidate: float = 10.0,
    control: float = 2.0,
    seed: int = 0,
) -> Round:
    return Round(
        {"op": rounds(base, seed=seed), "control": rounds(2.0, seed=seed + 1)},
        {"op": rounds(again, seed=seed + 2), "control": rounds(2.0, seed=seed + 3)},
        {"op": rounds(candidate, seed=seed + 4), "control": rounds(control, seed=seed + 5)},
    )


@pytest.mark.parametrize(
    ("collections", "expected"),
    [
        ([collection()], Outcome.SAME),
        ([collection(candidate=11.5), collection(candidate=11.5, seed=50)], Outcome.SLOWER),
        ([collection(candidate=8.5), collection(candidate=8.5, seed=50)], Outcome.FASTER),
        ([collection(candidate=10.4)], Outcome.SAME),  # below half a nanosecond
        ([collection(candidate=11.5)], Outcome.SAME),  # nobody confirmed it
        ([collection(candidate=11.5), collection(seed=50)], Outcome.SAME),
        ([collection(candidate=11.5), collection(candidate=8.5, seed=50)], Outcome.SAME),
        ([collection(again=11.5)], Outcome.INCONCLUSIVE),
        (
            [collection(candidate=11.5), collection(candidate=11.5, again=11.5)],
            Outcome.INCONCLUSIVE,
        ),
        ([collection(control=3.0)], Outcome.INCONCLUSIVE),
        (
            [collection(candidate=11.5), collection(candidate=11.5, control=3.0)],
            Outcome.INCONCLUSIVE,
        ),
    ],
)
def test_the_clock_answers_only_when_it_is_quiet(
    collections: list[Round], expected: Outcome
) -> None:
    assert rules.by_time("op", collections, ["control"]).verdict is expected


def test_what_moved_once_is_asked_again() -> None:
    assert rules.suspects(collection(candidate=11.5)) == ["op"]
    assert rules.suspects(collection(control=3.0)) == ["control"]
    assert rules.suspects(collection()) == []


def test_noise_alone_is_never_a_change() -> None:
    said = [
        rules.by_time(
            "op", [collection(seed=seed), collection(seed=seed + 5000)], ["control"]
        ).verdict
        for seed in range(0, 2000, 10)
    ]
    assert set(said) <= {Outcome.SAME, Outcome.INCONCLUSIVE}
    assert said.count(Outcome.SAME) > 0.9 * len(said)


def reading(verdict: Outcome) -> Reading:
    return Reading(meter="time", base=1, candidate=2, verdict=verdict)


@pytest.mark.parametrize(
    ("counted", "timed", "expected"),
    [
        (Outcome.SAME, Outcome.SAME, Outcome.SAME),
        (Outcome.SAME, Outcome.SLOWER, Outcome.SLOWER),
        (Outcome.SAME, Outcome.INCONCLUSIVE, Outcome.SAME),
        (Outcome.SLOWER, Outcome.FASTER, Outcome.SLOWER),
        (Outcome.UNSTABLE, Outcome.SAME, Outcome.UNSTABLE),
        (Outcome.FASTER, None, Outcome.FASTER),
        (None, Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE),
        (None, Outcome.SLOWER, Outcome.SLOWER),
    ],
)
def test_counts_decide_and_the_clock_adds(
    counted: Outcome | None, timed: Outcome | None, expected: Outcome
) -> None:
    found = rules.overall(reading(counted) if counted else None, reading(timed) if timed else None)
    assert found is expected


def test_the_quantile_lies_between_its_neighbours() -> None:
    assert quantile([5], 0.1) == 5
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([0, 10], 0.1) == pytest.approx(1)


def accept(tmp_path: Path, text: str) -> tuple[accepted.Accepted, ...]:
    file = tmp_path / "accept.toml"
    file.write_text(text)
    return accepted.load(file)


def test_a_slower_call_is_accepted_within_bounds(tmp_path: Path) -> None:
    entries = accept(
        tmp_path,
        '[[accept]]\nop = "error.*"\nreason = "carries a cause"\n'
        "at_most = 1.2\nuntil = 2030-01-01\n",
    )
    today = date(2027, 1, 1)
    assert accepted.find(entries, "error.create", 1.2, today) is entries[0]
    assert accepted.find(entries, "error.create", 1.3, today) is None
    assert accepted.find(entries, "call.args_0", 1.1, today) is None
    assert accepted.find(entries, "error.create", 1.2, date(2030, 1, 2)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[accept]]\nop = 'x'\n", "reason is missing"),
        ("[[accept]]\nreason = 'x'\n", "op is missing"),
        ("[[accept]]\nop = 'x'\nreason = 'y'\nratio = 2\n", "unknown key 'ratio'"),
        ("[[accept]]\nop = 'x'\nreason = 'y'\nat_most = 0.5\n", "at_most = 0.5"),
        ("[[accept]]\nop = 'x'\nreason = 'y'\nat_most = true\n", "at_most = True"),
        ("[[accept]]\nop = 'x'\nreason = 'y'\nuntil = 'soon'\n", "until = 'soon'"),
        ("accept = 3\n", "not a list"),
        ("[[allow]]\n", "allow"),
        ("nonsense", "not valid TOML"),
    ],
)
def test_a_wrong_file_of_accepted_calls_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("[", r"\[")):
        accept(tmp_path, text)
