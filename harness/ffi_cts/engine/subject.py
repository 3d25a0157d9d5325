# SPDX-License-Identifier: Apache-2.0
"""What one check is carried out on, as its child needs to know it."""

from __future__ import annotations

from pathlib import Path

import attrs

from ffi_cts.engine.linux import GIB


@attrs.frozen(kw_only=True)
class Companion:
    """A second library that checks need beside the subject.

    ``role`` says what for ("second"); ``id`` names it for people; ``path`` is what is loaded,
    and may be a private copy of the file with the hash ``sha256``. ``recipe`` is how to use
    it where the suite does not know: a module and expressions, checks/exchange/adapters/module.py.
    """

    role: str
    id: str
    path: Path
    sha256: str
    recipe: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Subject:
    """A subject after it was probed.

    ``kind`` decides which checks apply. ``features`` are measured: exported function names and
    what probing found. ``include`` holds the implementer's own headers, ``release`` the version
    it was published as. ``memory`` limits a child's address space in bytes; None for builds
    with a sanitizer. ``imports`` are modules that its checks want imported, and ``words`` what the
    user calls it, where that is not the id. ``roles``: of a producer and a consumer those that are
    judged, which decides what checks there are for it.
    """

    kind: str
    id: str
    path: Path
    features: frozenset[str] = frozenset()
    include: Path | None = None
    release: str | None = None
    companions: tuple[Companion, ...] = ()
    memory: int | None = 8 * GIB
    imports: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()

    def companion(self, role: str) -> Companion:
        """The companion in a role.

        Raises:
            KeyError: the subject has none.
        """
        for companion in self.companions:
            if companion.role == role:
                return companion
        raise KeyError(role)
