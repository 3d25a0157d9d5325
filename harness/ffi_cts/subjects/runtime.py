# SPDX-License-Identifier: Apache-2.0
"""What a library is found to have, by loading it in a child that may die of it."""

from __future__ import annotations

import json

import attrs

from ffi_cts.engine import linux
from ffi_cts.engine.child import Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.supervisor import run_alone
from ffi_cts.errors import UsageError
from ffi_cts.library.targets import Target
from ffi_cts.results import Finding

_SIGNALS = 32


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


def is_sanitized(needed: frozenset[str]) -> bool:
    """Whether a library links a sanitizer, which reserves terabytes of address space."""
    return any("san.so" in name for name in needed)


def probe(target: Target, needed: frozenset[str], seconds: float) -> Probe:
    """Load ``target`` in a child and measure it.

    Raises:
        UsageError: it can't be loaded, or loading it crashes, hangs or ends the process.
    """
    memory = None if is_sanitized(needed) else 8 * linux.GIB
    ending = run_alone(lambda crumbs: _measure(target, crumbs), Limits(seconds, memory))
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
    left = run_alone(lambda crumbs: _leave(target, crumbs), Limits(seconds, memory))
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
    from ffi_cts.checks.native import ffi, native

    ffi.dlopen(str(target.path), ffi.RTLD_NOW | ffi.RTLD_LOCAL)
    native.cts_signals_default()
    crumbs.enter("exit (the destructors of the library)")
    linux.exit_process()


def _tail(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return f"It printed: {lines[-1]!r}" if lines else ""


def _measure(target: Target, crumbs: Crumbs) -> bytes:
    # Imported in the child's parent already; by name here so that probing stays importable alone.
    from ffi_cts.abi import load
    from ffi_cts.checks.native import ffi, native
    from ffi_cts.checks.runtime import Runtime
    from ffi_cts.engine.context import Context, activate

    activate(Context(target.path, crumbs=crumbs))
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
