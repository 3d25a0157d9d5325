# SPDX-License-Identifier: Apache-2.0
"""Kinds of subject: how each is found, probed, and handed to its checks.

A kind is one module here, a folder of checks in ``conformance/``, and clauses. The session
knows nothing of a kind beyond what stands in this file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import attrs

from ffi_cts.engine.subject import Subject
from ffi_cts.library.targets import Target
from ffi_cts.results import Finding


@attrs.frozen(kw_only=True)
class Request:
    """What a user asked to have judged, in the user's words.

    ``against`` names the second library of the cross-library checks, ``include`` the folder of
    the implementer's own headers; ``libraries`` are those that exchange tensors with each other,
    and ``recipe`` is one more, as a module with two expressions.
    """

    target: str
    include: Path | None = None
    against: str = "reference"
    libraries: tuple[str, ...] = ()
    recipe: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Files:
    """The files of a request, read but not loaded: the subject's, and its companions' by role."""

    target: Target
    companions: tuple[tuple[str, Target], ...] = ()

    @property
    def every(self) -> tuple[Target, ...]:
        """The subject's file and those of its companions."""
        return (self.target, *(target for _, target in self.companions))


@attrs.frozen(kw_only=True)
class Found:
    """A subject that can be judged, and what probing it brought to light.

    ``cells``: the subjects that checks are carried out on, where those are several.
    """

    subject: Subject
    reported_version: str = ""
    findings: tuple[Finding, ...] = ()
    cells: tuple[Subject, ...] = ()


class Kind(Protocol):
    """A kind of subject.

    ``name`` stands in reports and clauses; ``base_profile`` is the profile without which
    nothing of this kind can be called conformant.
    """

    @property
    def name(self) -> str:
        """What reports and clauses call it."""

    @property
    def base_profile(self) -> str:
        """The profile that must hold."""

    def locate(self, request: Request, note: Callable[[str], None]) -> Files:
        """Find the files, fetching what is missing; ``note`` is told of slow steps.

        Raises:
            UsageError: there is no such file, or it is of no use.
        """
        ...

    def probe(self, request: Request, files: Files, scratch: Path, seconds: float) -> Found:
        """Load the files in children and measure them, each within ``seconds``.

        ``scratch`` is a folder for private copies; the caller removes it.

        Raises:
            UsageError: one can't be loaded.
        """
        ...

    def fixtures(self) -> Sequence[object]:
        """pytest plugins with what checks of this kind ask for by name."""
        ...
