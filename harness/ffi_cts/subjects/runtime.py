# SPDX-License-Identifier: Apache-2.0
"""Runtimes: libraries that export the ``TVMFFI*`` functions, loaded in a child to be measured."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from ffi_cts.abi import load
from ffi_cts.checks.fixtures import RuntimeFixtures
from ffi_cts.checks.headers import check_folder
from ffi_cts.checks.native import ffi, native
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine import linux
from ffi_cts.engine.child import Limits
from ffi_cts.engine.context import Context, activate
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.foreman import run_apart
from ffi_cts.engine.subject import Companion, Subject
from ffi_cts.errors import UsageError
from ffi_cts.library.targets import REFERENCE, Target, resolve
from ffi_cts.results import Finding
from ffi_cts.subjects import Files, Found, Request

NAME = "runtime"
_SIGNALS = 32


class RuntimeKind:
    """Libraries that implement the ABI. The companion in the role "second" is another one."""

    name = NAME
    base_profile = "core"

    def locate(self, request: Request, note: Callable[[str], None]) -> Files:
        """Find the target and the second library."""
        if request.include is not None:
            check_folder(request.include)
        target = resolve(request.target, progress=note)
        second = resolve(request.against, progress=note)
        return Files(target=target, companions=(("second", second),))

    def probe(self, request: Request, files: Files, scratch: Path, seconds: float) -> Found:
        """Load both in children and measure the target."""
        target = files.target
        found = probe(target, seconds)
        memory = found.memory
        companions = []
        for role, other in files.companions:
            if other.id != REFERENCE and not other.path.samefile(target.path):
                probe(other, seconds)  # if it can't be loaded, the subject is not to blame
            if is_sanitized(other.needed):
                memory = None
            path = _apart(other.path, target.path, scratch / role)
            companions.append(Companion(role=role, id=other.id, path=path, sha256=other.sha256))
        return Found(
            subject=Subject(
                kind=NAME,
                id=target.id,
                path=target.path,
                features=found.features,
                include=request.include or target.include,
                release=target.release,
                companions=tuple(companions),
                memory=memory,
            ),
            reported_version=found.reported_version,
            findings=found.findings,
        )

    def fixtures(self) -> Sequence[object]:
        """What checks of a runtime ask for."""
        return [RuntimeFixtures()]


def _apart(path: Path, subject: Path, folder: Path) -> Path:
    """A path of the companion that the loader takes for another library than the subject.

    It tells libraries apart by inode, so only the same file needs a copy; any other is loaded
    where it lies, since it may find libraries beside itself.
    """
    if not path.samefile(subject):
        return path
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / path.name
    shutil.copy2(path, copy)
    return copy


@attrs.frozen
class Probe:
    """Measured facts.

    ``features``: exported ``TVMFFI*`` functions, and ``type:KEY`` for each static
    type that is registered. ``reported_version`` is what TVMFFIGetVersion says.
    ``memory`` is the address space to allow in bytes; None for a sanitized library.
    """

    features: frozenset[str]
    reported_version: str
    findings: tuple[Finding, ...]
    memory: int | None


def is_sanitized(needed: Sequence[str]) -> bool:
    """Whether a library links a sanitizer, which reserves terabytes of address space."""
    return any("san.so" in name for name in needed)


def probe(target: Target, seconds: float) -> Probe:
    """Load ``target`` in a child and measure it.

    Raises:
        UsageError: it can't be loaded, or loading it crashes, hangs or ends the process.
    """
    memory = None if is_sanitized(target.needed) else 8 * linux.GIB
    ending = run_apart(lambda crumbs: _measure(target, crumbs), Limits(seconds, memory))
    if ending.result is None:
        raise UsageError(
            f"{target.path}: {ending.describe(seconds)}. "
            "A library that can't be loaded can't be judged.",
            hint="Run its constructors under a debugger; a slow one may need --timeout-scale. "
            + _tail(ending.output),
        )
    if ending.result.startswith(b"!"):
        raise RuntimeError(ending.result[1:].decode("utf-8", "replace"))
    found = json.loads(ending.result)
    if "refused" in found:
        raise UsageError(
            f"{target.path}: the dynamic loader refuses it: {found['refused']}.",
            hint="`ldd` and `nm -D` show which library or symbol is missing.",
        )
    findings = [Finding("signal-handlers", text) for text in found["signals"]]
    left = run_apart(lambda crumbs: _leave(target, crumbs), Limits(seconds, memory))
    if left.timed_out or left.exit_code != 0:
        how = left.describe(seconds)
        findings.append(
            Finding("process-exit", f"a process that loads the library can't exit cleanly: {how}")
        )
    types = {f"type:{key}" for key in found["types"]}
    return Probe(
        features=frozenset(name for name in target.exported if name.startswith("TVMFFI"))
        | frozenset(types),
        reported_version=found["version"],
        findings=tuple(findings),
        memory=memory,
    )


def _leave(target: Target, crumbs: Crumbs) -> bytes:
    """Load the library and end the process, so that its destructors run."""
    Runtime(target.path)  # which stays loaded, threads of its own and all
    native.cts_signals_default()
    crumbs.enter("exit (the destructors of the library)")
    linux.exit_process()


def _tail(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return f"It printed: {lines[-1]!r}" if lines else ""


def _measure(target: Target, crumbs: Crumbs) -> bytes:
    activate(Context(Subject(kind=NAME, id=target.id, path=target.path), crumbs=crumbs))
    before = ffi.new("uintptr_t[]", _SIGNALS)
    after = ffi.new("uintptr_t[]", _SIGNALS)
    native.cts_signal_handlers(before, _SIGNALS)
    crumbs.enter("dlopen (its constructors)")
    try:
        runtime = Runtime(target.path)
    except OSError as error:
        return json.dumps({"refused": str(error)}).encode()
    crumbs.leave()
    native.cts_signal_handlers(after, _SIGNALS)
    native.cts_signals_default()
    version = ""
    if runtime.has("TVMFFIGetVersion"):
        out = ffi.new("TVMFFIVersion*")
        runtime.TVMFFIGetVersion(out)
        version = f"{out.major}.{out.minor}.{out.patch}"
    types = []
    if runtime.has("TVMFFITypeKeyToIndex"):
        index = ffi.new("int32_t*")
        for value in load().abi.enum("TVMFFITypeIndex").values:
            if value.key and not runtime.TVMFFITypeKeyToIndex(
                runtime.byte_array(value.key.encode()), index
            ):
                types.append(value.key)
    signals = [
        f"loading the library replaces the handler of {linux.signal_name(number)}; "
        "the checks put the default back"
        for number in range(1, _SIGNALS)
        if before[number] != after[number]
    ]
    return json.dumps({"version": version, "types": types, "signals": signals}).encode()
