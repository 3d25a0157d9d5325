# SPDX-License-Identifier: Apache-2.0
# flaw: unversioned capsules are all that there is, in and out
# violates: EXCH-ASK-01, EXCH-ASKED-01

from typing import Any

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        return source.__dlpack__() if copy is None else source.__dlpack__(copy=copy)

    def managed(self, array: Array, flags: int, *, versioned: bool) -> CData:
        return super().managed(array, flags, versioned=False)

    def capsule(self, managed: CData, *, versioned: bool) -> Any:
        return super().capsule(managed, versioned=False)

    def flags(self, array: Array, *, copied: bool) -> int:
        if array.seen.readonly:
            raise BufferError("there is no way to say that the array is read-only")
        return super().flags(array, copied=copied)
