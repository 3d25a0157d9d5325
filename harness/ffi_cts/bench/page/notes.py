# SPDX-License-Identifier: Apache-2.0
"""What a reader of the page should know: how steady the numbers are, and what is missing."""

from __future__ import annotations

from attrs import frozen

from ffi_cts.bench.model import INSTRUCTIONS, METERS, THREADS, TIME, UNITS, Benchmark
from ffi_cts.bench.page.changes import LEAST_ROUNDS
from ffi_cts.bench.page.view import View, label_range
from ffi_cts.bench.table import spread_note
from ffi_cts.report.words import count


@frozen
class Missing:
    """Operations without a number on some targets, for one reason."""

    reason: str
    broken: bool
    ops: tuple[str, ...]
    targets: str
    meters: str


def missing(view: View) -> list[Missing]:
    """What was skipped and why: operations that the same targets lack are told together.

    What a library is to blame for comes first.
    """
    lacking: dict[tuple[str, bool, str, str], list[str]] = {}
    for op in view.benchmark.operations:
        for meter in view.meters:
            for id in view.ids:
                if known := view.known(id, op.name, meter):
                    lacking.setdefault((*known, meter, op.name), []).append(id)
    together: dict[tuple[str, bool, tuple[str, ...]], dict[str, list[str]]] = {}
    for (reason, broken, meter, op_name), ids in lacking.items():
        ops = together.setdefault((reason, broken, tuple(ids)), {})
        ops.setdefault(op_name, []).append(meter)
    found = []
    for (reason, broken, ids_of), ops in together.items():
        meters = {meter for some in ops.values() for meter in some}
        found.append(
            Missing(
                reason=reason,
                broken=broken,
                ops=tuple(ops),
                targets=label_range([view.labels[id] for id in ids_of]),
                meters="" if len(meters) == len(view.meters) else " and ".join(sorted(meters)),
            )
        )
    return sorted(found, key=lambda one: not one.broken)


def steadiness(view: View) -> list[str]:
    """Sentences about the spread of the numbers."""
    return [
        *_interrupted(view.benchmark),
        *_unjudged(view),
        *_counts(view.benchmark),
        *_clock(view.benchmark),
        *_controls(view),
        *_unmeasured(view),
    ]


def _interrupted(benchmark: Benchmark) -> list[str]:
    if not benchmark.interrupted:
        return []
    return ["The measurement was interrupted: this is what was measured until then."]


def _unjudged(view: View) -> list[str]:
    """Targets that got no number, because their core is not in order."""
    return [
        f"{view.labels[target.id]}: no numbers, its core is {target.core}; `ffi-cts run` says why, "
        "--expect FILE waives what is known, --force measures all the same."
        for target in view.benchmark.targets
        if target.core not in ("conformant", "not judged")
    ]


def _counts(benchmark: Benchmark) -> list[str]:
    rows = [row for row in benchmark.results if row.meter == INSTRUCTIONS]
    if not rows:
        return []
    worst = max(rows, key=lambda row: row.cv)
    times = count(min(row.n for row in rows), "time")
    if worst.cv == 0:
        return [f"Instructions: counted {times}; every count repeated exactly."]
    unequal = sum(row.cv > 0 for row in rows)
    if all(row.counts for row in rows):
        layouts = count(min(row.n for row in rows), "layout")
        text = (
            f"counted in {layouts} of memory; {unequal} of {count(len(rows), 'count')} hang on it"
        )
        return [f"Instructions: {text}, {worst.op} most ({worst.cv:.2%})."]
    text = f"counted {times}; {unequal} of {count(len(rows), 'count')} did not repeat exactly"
    return [f"Instructions: {text}, {worst.op} least of all ({worst.cv:.2%})."]


def _clock(benchmark: Benchmark) -> list[str]:
    rows = [row for row in benchmark.results if row.meter == TIME]
    found = []
    if note := spread_note(benchmark):
        found.append(f"{note[0].upper()}{note[1:]}.")
    if rows and min(row.n for row in rows) < LEAST_ROUNDS:
        found.append(
            f"Time: where there were fewer than {LEAST_ROUNDS} rounds, no change of time is marked."
        )
    return found


def _controls(view: View) -> list[str]:
    """A control never calls the library, so when it differs, the machine does."""
    found = []
    for op in view.benchmark.operations:
        for meter in view.meters if op.control else ():
            series = view.found[meter].get(op.name)
            values = [row.value for row in series.present] if series else []
            if series and series.marked and min(values) > 0:
                share = max(values) / min(values) - 1
                found.append(
                    f"{op.name} differs between targets by up to {share:.0%} in {meter}, though it "
                    "never calls the library: the machine changed "
                    "while it measured, so trust no small difference."
                )
    return found


def _unmeasured(view: View) -> list[str]:
    """Operations that have no number at all, and that nothing else tells of."""
    told = {(skip.op, skip.meter) for skip in view.benchmark.skipped}
    found = []
    for meter in (meter for meter in METERS if meter in view.meters):
        silent = [
            op.name
            for op in view.benchmark.operations
            if op.name not in view.found[meter] and (op.name, meter) not in told
        ]
        threaded = [name for name in silent if name.startswith(THREADS)]
        if meter == INSTRUCTIONS and threaded:
            silent = [name for name in silent if name not in threaded]
            found.append(
                f"Two threads are timed, their instructions are not counted: "
                f"{count(len(threaded), 'operation')} ({threaded[0]} …) "
                f"{'has' if len(threaded) == 1 else 'have'} no count."
            )
        if silent:
            named = ", ".join(silent[:5]) + (" …" if len(silent) > 5 else "")
            found.append(f"No {UNITS[meter]} were measured of {named}.")
    return found
