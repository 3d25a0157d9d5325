# SPDX-License-Identifier: Apache-2.0
"""What an adapter tells of its library. Each is a small file in ``adapters``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from ffi_cts.checks.exchange.tensors import Seen, Tensor
from ffi_cts.engine.context import current


class Impossible(Exception):
    """The library has no such tensor."""


@contextmanager
def called(call: str) -> Iterator[None]:
    """Leave a breadcrumb while a library is at work."""
    crumbs = current().crumbs
    if crumbs is None:
        yield
        return
    crumbs.enter(call.replace("\n", " "))
    try:
        yield
    finally:
        crumbs.leave()


class Exchanger(ABC):
    """A library that makes tensors and takes them.

    Its own methods are named with a leading underscore; checks call the others, which leave
    breadcrumbs. ``methods`` says whether the library has the methods of the Python protocol
    itself; where it has not, what the adapter does in their place is not judged. ``asks`` says
    whether a ``from_dlpack`` takes tensors, of which more is promised than of a constructor.
    """

    name: str = ""
    methods: ClassVar[bool] = True
    asks: bool = True

    @abstractmethod
    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """An array with this content. ``tensor.offset`` plays no part.

        Raises:
            Impossible: it has none such.
        """

    @abstractmethod
    def look(self, array: Any) -> Seen:
        """What the library shows of an array of its own."""

    @abstractmethod
    def _consume(self, source: Any, **asked: Any) -> Any:
        """The library's ``from_dlpack``, whatever it is called."""

    def elements(self, array: Any) -> bytes:
        """The elements of an array of its own, in row-major order."""
        return self.look(array).elements()

    def write(self, array: Any, content: bytes) -> None:
        """Set all elements of a compact array of its own.

        Raises:
            Impossible: its arrays don't change.
        """
        raise Impossible(f"arrays of {self.name} don't change")

    def export(self, array: Any, **asked: Any) -> Any:
        """The capsule that an array gives."""
        with called(f"{self.name}: __dlpack__({words(asked)})"):
            return array.__dlpack__(**asked)

    def device(self, array: Any) -> Any:
        """What an array says of its device."""
        with called(f"{self.name}: __dlpack_device__()"):
            return array.__dlpack_device__()

    def consume(self, source: Any, **asked: Any) -> Any:
        """An array over the tensor of ``source``."""
        shown = ", ".join(filter(None, (_shown(source), words(asked))))
        with called(f"{self.name}: from_dlpack({shown})"):
            return self._consume(source, **asked)


def words(asked: dict[str, Any]) -> str:
    """Keywords as they are written in a call."""
    return ", ".join(f"{name}={value}" for name, value in asked.items())


def _shown(source: Any) -> str:
    from ffi_cts.checks.exchange.strict import Source

    return repr(source) if isinstance(source, Source) else type(source).__name__
