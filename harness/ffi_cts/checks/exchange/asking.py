# SPDX-License-Identifier: Apache-2.0
"""Steps that nearly every check of tensor exchange needs."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import currently_in_test_context, reject

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.strict import NEWEST, Source, Taken
from ffi_cts.checks.exchange.tensors import Seen, Tensor, named
from ffi_cts.engine.context import Nonconformance


def unsupported(reason: str) -> None:
    """Leave the example out, or the whole check where there is one only."""
    if currently_in_test_context():
        reject()
    pytest.skip(reason)


def make(library: Exchanger, tensor: Tensor, *, readonly: bool = False) -> Any:
    """An array of ``library``; the check is unsupported where it can't have one."""
    try:
        return library.make(tensor, readonly=readonly)
    except Impossible as why:
        unsupported(str(why))


def export(library: Exchanger, array: Any, **asked: Any) -> Taken:
    """The capsule of an array, looked at; ``max_version`` is the newest unless it is asked.

    The check is unsupported where the library does not know a keyword.
    """
    asked.setdefault("max_version", NEWEST)
    try:
        return Taken(library.export(array, **asked))
    except TypeError as error:
        if list(asked) == ["max_version"]:
            return Taken(library.export(array))
        unsupported(f"{library.name}: {error}")
        raise


def accepted(library: Exchanger, source: Any, **asked: Any) -> Any:
    """Have ``library`` take what the protocol obliges it to take.

    Raises:
        Nonconformance: it raises.
    """
    try:
        return library.consume(source, **asked)
    except Exception as error:
        raise Nonconformance(f"{library.name} refuses {source!r}: {said(error)}") from error


def tried(library: Exchanger, source: Any, **asked: Any) -> Any:
    """Have ``library`` take what it may refuse with an exception: None where it does."""
    try:
        return library.consume(source, **asked)
    except Exception:  # noqa: BLE001 (any will do)
        return None


def said(error: BaseException) -> str:
    """An exception on one line."""
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:300]


def collect() -> None:
    """Have Python let go of what nobody holds."""
    gc.collect()


def expect_same(library: Exchanger, array: Any, tensor: Tensor) -> Seen:
    """Fail unless ``library`` shows the tensor that was described."""
    seen = library.look(array)
    assert seen.shape == tensor.shape, f"{library.name} sees the shape {seen.shape}"
    assert seen.type == tensor.type, (
        f"{library.name} sees elements of {named(seen.type)} where {named(tensor.type)} was sent"
    )
    found, due = library.elements(array), tensor.elements()
    assert found == due, f"{library.name} sees {found.hex()} where {due.hex()} was sent"
    return seen


def consumed(source: Source, library: Exchanger) -> Any:
    """What ``library`` makes of a tensor that asks it for nothing unusual; unsupported if none."""
    array = tried(library, source)
    if array is None:
        unsupported(f"{library.name} does not take {source!r}")
    return array
