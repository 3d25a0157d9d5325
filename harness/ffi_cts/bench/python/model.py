# SPDX-License-Identifier: Apache-2.0
"""What an operation of the Python layer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ffi_cts.bench.python.loops import Loop
from ffi_cts.bench.python.world import World


# Dataclasses, because importing attrs takes longer than many a measurement.
@dataclass(frozen=True)
class Prepared:
    """An operation that is ready to run: `loop(n)` runs it n times.

    `check` is called after the loop. It says whether the calls arrive with their arguments and
    give what they should.
    """

    loop: Loop
    check: Callable[[], bool]


@dataclass(frozen=True)
class Operation:
    """One way to call from Python.

    `needs` are functions of the library without the prefix TVMFFI. A `control` doesn't call the
    library. `torch` says that PyTorch takes part.
    """

    name: str
    says: str
    prepare: Callable[[World], Prepared]
    needs: tuple[str, ...] = ()
    control: bool = False
    torch: bool = False
