# SPDX-License-Identifier: Apache-2.0
"""One example of one check, run in place: in the process of whoever calls, without isolation."""

from __future__ import annotations

import ast
import json
import mmap
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from ffi_cts.engine.context import Context
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.efforts import aim
from ffi_cts.engine.judge import Raw, carry_out, is_property
from ffi_cts.engine.observation import BEHIND
from ffi_cts.engine.subject import Companion, Subject

_BLOB = re.compile(r"@reproduce_failure\(('[^']*'), (b'[^']*'|b\"[^\"]*\")\)")
_EXPLICIT = "Failing explicit example"
_NUMBERS = struct.Struct("<II")


@attrs.frozen(kw_only=True)
class Example:
    """Which example of a check to run.

    ``version`` and ``blob`` are what Hypothesis makes it from again; ``explicit`` means one of
    those that the check itself lists. Without either, the check runs as a whole.
    """

    version: str = ""
    blob: str = ""
    explicit: bool = False

    @classmethod
    def of(cls, text: str) -> Example:
        """The one that a result tells of, which was made with ``tell_blobs``."""
        found = _BLOB.search(text)
        if found is not None:
            version, blob = ast.literal_eval(found[1]), ast.literal_eval(found[2])
            return cls(version=version, blob=blob.decode("ascii"))
        return cls(explicit=_EXPLICIT in text)


def without_blob(text: str) -> str:
    """An example as people read it."""
    return text.partition(BEHIND)[0]


@attrs.frozen(kw_only=True)
class Place:
    """A call: number ``call`` of example number ``example``; that is 0 outside of examples."""

    example: int = 0
    call: int = 0


class Counter:
    """Memory, shared with children, that holds the place of the latest call."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _NUMBERS.size)

    @property
    def place(self) -> Place:
        """The latest one."""
        example, call = _NUMBERS.unpack_from(self._memory, 0)
        return Place(example=example, call=call)

    def write(self, place: Place) -> None:
        """Note a call that is about to be made."""
        _NUMBERS.pack_into(self._memory, 0, place.example, place.call)


class Watched(Crumbs):
    """Breadcrumbs that call ``before(place, call)`` before each call is made."""

    def __init__(self, context: Context, before: Callable[[Place, str], None]) -> None:
        super().__init__()
        self._context = context
        self._before = before
        self._number = 0

    def begin_example(self) -> None:
        """Forget the calls of the previous example."""
        super().begin_example()
        self._number = 0

    def enter(self, call: str) -> None:
        """Note a call that is about to be made."""
        number = self._number + 1
        super().enter(call)  # which may begin anew where there is no room left
        self._number = number
        self._before(Place(example=self._context.examples, call=number), call)


def run_in_place(
    item: pytest.Function,
    subject: Subject,
    example: Example,
    before: Callable[[Place, str], None],
    only: int = 0,
) -> tuple[Raw, Crumbs]:
    """Run an example in this process; ``only`` is the number of the one that counts, 0 for all."""
    context = Context(subject, in_place=True, only=only)
    crumbs = Watched(context, before)
    if is_property(item):
        aim(item.obj, example.version, example.blob, explicit=example.explicit)
    return carry_out(item, context, crumbs), crumbs


@attrs.frozen(kw_only=True)
class Plan:
    """What a process that runs one example needs to know.

    ``place`` is the call before which a debugger stops. ``alarm``: seconds after which a
    process that hangs in that call gets SIGALRM, 0 for never. ``ask``: wait there for Enter.
    """

    check: str
    subject: Subject
    effort: str
    seed: int
    example: Example
    place: Place
    call: str
    alarm: float = 0.0
    ask: bool = False

    def save(self, file: Path) -> None:
        """Write it to a file."""
        file.write_text(json.dumps(attrs.asdict(self), default=_plain), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Plan:
        """Read it back."""
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        subject = data["subject"]
        companions = tuple(
            Companion(**{**each, "path": Path(each["path"])}) for each in subject["companions"]
        )
        subject = Subject(
            **{
                **subject,
                "path": Path(subject["path"]),
                "include": None if subject["include"] is None else Path(subject["include"]),
                "features": frozenset(subject["features"]),
                "companions": companions,
            }
        )
        example, place = Example(**data["example"]), Place(**data["place"])
        return cls(**{**data, "subject": subject, "example": example, "place": place})


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
