# SPDX-License-Identifier: Apache-2.0
"""How long what a producer hands out lives, and who ends it."""

from collections.abc import Callable

import pytest

from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import collect, export, make
from ffi_cts.checks.exchange.strict import NEWEST
from ffi_cts.checks.exchange.tensors import Tensor
from ffi_cts.checks.memory import resident
from ffi_cts.engine.marks import clause

PLAIN = Tensor("float32", (4, 8))
BIG = Tensor("uint8", (1 << 20,))
TIMES = 48
"""Arrays of a megabyte that would be there at once if each leaked."""
BOTH = pytest.mark.parametrize(
    "asked", [{"max_version": NEWEST}, {"max_version": None}], ids=["versioned", "unversioned"]
)


@clause("EXCH-LIFE-01", "EXCH-LIFE-04")
@BOTH
def test_tensor_outlives_array_and_capsule(producer: Exchanger, asked: dict[str, object]) -> None:
    array = make(producer, PLAIN)
    taken = export(producer, array, **asked).consume()  # which drops the capsule
    del array
    collect()
    others = [make(producer, Tensor("float32", (4, 8), offset=number)) for number in range(8)]
    assert taken.elements() == PLAIN.elements(), "the elements changed when the array was gone"
    taken.release()
    assert len(others) == 8


@clause("EXCH-LIFE-02")
@BOTH
def test_deleter_runs_in_a_thread_without_python(
    producer: Exchanger, asked: dict[str, object]
) -> None:
    for _ in range(4):
        taken = export(producer, make(producer, PLAIN), **asked).consume()
        taken.release(elsewhere=True)


@clause("EXCH-LIFE-03")
@BOTH
def test_capsule_that_nobody_consumes_leaks_nothing(
    producer: Exchanger, asked: dict[str, object]
) -> None:
    def once() -> None:
        export(producer, make(producer, BIG), **asked)

    expect_steady(once)


@clause("EXCH-LIFE-05")
@BOTH
def test_deleter_gives_the_memory_back(producer: Exchanger, asked: dict[str, object]) -> None:
    def once() -> None:
        export(producer, make(producer, BIG), **asked).consume().release()

    expect_steady(once)


def expect_steady(once: Callable[[], None]) -> None:
    """Fail if memory grows by what half of the arrays take."""
    for _ in range(8):
        once()
    before = resident()
    for _ in range(TIMES):
        once()
    grown = (resident() - before) >> 20
    assert grown < TIMES // 2, f"{TIMES} exports of a megabyte each leave {grown} MiB behind"
