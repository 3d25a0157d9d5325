# SPDX-License-Identifier: Apache-2.0
"""What a library can make and take, by trying: never by what its version promises."""

from __future__ import annotations

from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import said
from ffi_cts.checks.exchange.strict import OldSource, Source
from ffi_cts.checks.exchange.tensors import DTYPES, Tensor


def measure(library: Exchanger) -> tuple[list[str], str]:
    """Features, and in words why the last thing it could not do is impossible.

    They are ``producer:DTYPE`` and ``consumer:DTYPE`` for each element type of a plain tensor.
    """
    features, why = [], ""
    for dtype in DTYPES:
        tensor = Tensor(dtype, (4,))
        try:
            library.export(library.make(tensor))
            features.append(f"producer:{dtype}")
        except Exception as error:  # noqa: BLE001 (whatever it raises, it can't)
            why = said(error)
        for source in (Source(tensor), OldSource(tensor)):
            try:
                seen = library.look(library.consume(source))
                if seen.type[1:] != tensor.type[1:]:
                    why = f"{dtype} becomes elements of {seen.type[1]} bits"
                    continue
            except Exception as error:  # noqa: BLE001
                why = said(error)
                continue
            features.append(f"consumer:{dtype}")
            break
    return features, why
