# SPDX-License-Identifier: Apache-2.0
"""Builds the variants, runs the checks on them, and draws the kill matrix."""

from __future__ import annotations

import os
import shlex
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs

from ffi_cts.abi import load
from ffi_cts.engine.collecting import collect
from ffi_cts.engine.plan import Check
from ffi_cts.engine.scheduler import Job
from ffi_cts.engine.subject import Subject
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.globs import fits_any
from ffi_cts.library.elf import inspect_library
from ffi_cts.report.documents import to_text
from ffi_cts.report.files import write_text
from ffi_cts.results import CheckResult, Status
from ffi_cts.selftest.variants import Builder, Variant, load_variants
from ffi_cts.session import QUICK_BATCH, Options, Session
from ffi_cts.subjects import exchange

BASELINE = "reference"
_KILLS = {"fail", "crash", "timeout"}
_SHARES = 12
"""Of the checks that a benign variant could meet, it meets one in so many where they are spread."""
_TRIES = 3
"""How often a mutant with a data race is tried again where it got away."""


@attrs.frozen
class Matrix:
    """Outcomes by variant and check.

    ``results[variant][check id]`` is the result; the row BASELINE is the reference itself.
    """

    variants: tuple[Variant, ...]
    checks: tuple[Check, ...]
    results: dict[str, dict[str, CheckResult]]

    def killers(self, variant: str, clause: str) -> list[str]:
        """Checks of ``clause`` that the variant does not pass."""
        row = self.results.get(variant, {})
        return [
            check.id
            for check in self.checks
            if clause in check.clause_ids
            and check.id in row
            and row[check.id].raw_outcome in _KILLS
        ]

    def survivors(self) -> list[tuple[str, str]]:
        """(mutant, clause) pairs that no check of the clause kills."""
        return [
            (variant.name, clause)
            for variant in self.variants
            for clause in variant.violates
            if not self.killers(variant.name, clause)
        ]

    def false_accusations(self) -> list[CheckResult]:
        """Deviations of the reference and of benign variants; the id carries the variant."""
        names = [BASELINE, *(v.name for v in self.variants if v.benign)]
        return [
            attrs.evolve(result, id=f"{name}: {result.id}")
            for name in names
            for result in self.results.get(name, {}).values()
            if result.raw_outcome in _KILLS
        ]

    def errors(self) -> list[CheckResult]:
        """Results that the suite itself is to blame for."""
        return [
            attrs.evolve(result, id=f"{name}: {result.id}")
            for name, row in self.results.items()
            for result in row.values()
            if result.status in (Status.ERROR, Status.LOST)
        ]

    def unkilled_clauses(self) -> list[str]:
        """MUST clauses that a library can break, and that no mutant here violates and dies of."""
        killed = {
            clause
            for variant in self.variants
            for clause in variant.violates
            if self.killers(variant.name, clause)
        }
        return [
            clause.id
            for clause in load().clauses.values()
            if clause.level == "MUST" and clause.witness == "library" and clause.id not in killed
        ]


@attrs.frozen(kw_only=True)
class _Plan:
    """Which checks are run on which variants; ``baseline``: all of them on the reference too."""

    full: bool
    spread: bool
    baseline: bool

    def wants(self, variant: Variant, check: Check, number: int) -> bool:
        """Whether ``check`` is run on ``variant``.

        ``number`` counts through checks and variants, so that neighbours in one list meet
        different ones of the other.
        """
        if variant.benign:
            return not self.spread or number % _SHARES == 0
        return self.full or bool(set(check.clause_ids) & set(variant.violates))


def run_selftest(
    *,
    effort: str,
    only: Sequence[str],
    full: bool,
    spread: bool = False,
    jobs: int,
    timeout_scale: float,
    json_file: Path | None,
    html_file: Path | None = None,
    say: Callable[[str], None],
) -> int:
    """Run the self-test and print the matrix; returns the exit code, 0 or 1.

    ``full`` runs every check on every mutant; ``spread`` a share of the checks on each benign
    variant, so that together they meet every check.

    Raises:
        UsageError: no compiler, or ``only`` fits no variant.
        HarnessError: a variant does not compile, or violates a clause that does not exist.
    """
    started = time.monotonic()
    variants = load_variants()
    if only:
        variants = [v for v in variants if fits_any(v.name, only)]
        if not variants:
            raise UsageError(
                f"--only {shlex.join(only)}: no mutant and no benign variant has such a name.",
                "The names are those of the files in tests/mutants and tests/benign.",
            )
    _refuse_unknown_clauses(variants)
    parallel = jobs or len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="ffi-cts-selftest-") as folder:
        runtimes = [variant for variant in variants if not variant.exchanges]
        libraries = {variant.name: variant.source for variant in variants}
        if runtimes:
            libraries |= Builder(Path(folder), parallel).build(runtimes)
            say(f"built {len(runtimes)} variants in {time.monotonic() - started:.0f} s")
        plan = _Plan(full=full, spread=spread, baseline=not (only or spread))
        matrix = _run(variants, libraries, effort, plan, parallel, timeout_scale)
    _print(matrix, complete=not only, say=say)
    say(f"{time.monotonic() - started:.0f} s")
    if json_file is not None:
        write_text(json_file, to_text(_to_data(matrix)))
    if html_file is not None:
        from ffi_cts.selftest.page import render  # brings Jinja2

        write_text(html_file, render(matrix, complete=not only))
    bad = matrix.survivors() or matrix.false_accusations() or matrix.errors()
    return 1 if bad or (not only and matrix.unkilled_clauses()) else 0


def _refuse_unknown_clauses(variants: Sequence[Variant]) -> None:
    """Raise HarnessError for a misspelt clause: no check could ever kill that mutant."""
    for variant in variants:
        for name in variant.violates:
            if name not in load().clauses:
                raise HarnessError(
                    f"{variant.source.name}: violates {name}, which spec/clauses lacks"
                )


def _run(
    variants: Sequence[Variant],
    libraries: dict[str, Path],
    effort: str,
    plan: _Plan,
    jobs: int,
    timeout_scale: float,
) -> Matrix:
    results: dict[str, dict[str, CheckResult]] = {}
    every: list[Check] = []
    # Half the time is enough, and no shrinking: that a mutant dies is all that counts.
    options = Options(target=BASELINE, effort=effort, jobs=jobs, timeout_scale=0.5 * timeout_scale)
    with Session(options, shrink=False) as session:
        reference = session.found.subject
        types = {feature for feature in reference.features if feature.startswith("type:")}
        exchangers = [variant for variant in variants if variant.exchanges]
        runtimes = [variant for variant in variants if not variant.exchanges]

        def subject(variant: Variant) -> Subject:
            path = libraries[variant.name]
            exported = {s for s in inspect_library(path).exported if s.startswith("TVMFFI")}
            features = frozenset(types | exported)
            return attrs.evolve(reference, id=variant.name, path=path, features=features)

        def planned(every: list[Check]) -> Iterator[Job]:
            yield from _exchanges(every, exchangers, plan)
            checks = [check for check in every if check.kind == reference.kind]
            for check in checks if plan.baseline else ():
                yield Job(check, attrs.evolve(reference, id=BASELINE), QUICK_BATCH)
            odd = 0
            for variant in runtimes:
                under_test = subject(variant)
                # Nearly every check of a mutant fails: sharing a child would only run it twice.
                batch = QUICK_BATCH if variant.benign else 1
                odd += variant.benign
                for number, check in enumerate(checks):
                    if plan.wants(variant, check, number + odd):
                        yield Job(check, under_test, batch)

        def loop(checks: list[Check]) -> None:
            every.extend(checks)
            jobs = list(planned(checks))
            for job, result in session.carry_out(jobs):
                results.setdefault(job.subject.id, {})[job.check.id] = result
            for _ in range(_TRIES):
                jobs = [job for job in jobs if _lucky(job, results)]
                for job, result in session.carry_out(jobs):
                    results[job.subject.id][job.check.id] = result

        collect(loop, [*session.fixtures, *exchange.ExchangeKind().fixtures()])
    return Matrix(tuple(variants), tuple(every), results)


def _exchanges(checks: Sequence[Check], variants: Sequence[Variant], plan: _Plan) -> Iterator[Job]:
    """The checks of tensor exchange, which are quick: a benign variant meets all of them."""
    for check in checks:
        for variant in variants:
            if check.kind == exchange.NAME and plan.wants(variant, check, 0):
                batch = QUICK_BATCH if variant.benign else 1
                yield Job(check, exchange.alone(variant.name, variant.source, check), batch)


def _lucky(job: Job, results: dict[str, dict[str, CheckResult]]) -> bool:
    """Whether a mutant may owe its life to the scheduler of a busy machine.

    A race shows when two cores meet in a few instructions. That a check finds it nearly always
    is measured elsewhere; here the question is whether it finds it at all.
    """
    result = results[job.subject.id][job.check.id]
    return (
        job.subject.id != BASELINE
        and job.check.profile == "threads"
        and result.status in (Status.PASS, Status.LOST)
    )


def _print(matrix: Matrix, *, complete: bool, say: Callable[[str], None]) -> None:
    for variant in matrix.variants:
        row = matrix.results.get(variant.name, {})
        if variant.benign:
            bad = sum(result.raw_outcome in _KILLS for result in row.values())
            say(f"{'ACCUSED' if bad else 'spared':8} {variant.name}: {variant.note} ({len(row)})")
            continue
        missed = [c for c in variant.violates if not matrix.killers(variant.name, c)]
        say(f"{'SURVIVES' if missed else 'killed':8} {variant.name}: {variant.note}")
        for clause in variant.violates:
            killers = matrix.killers(variant.name, clause)
            outcome = matrix.results[variant.name][killers[0]].raw_outcome if killers else ""
            say(f"         {clause:18} {outcome:8} {', '.join(killers) or 'NOT KILLED'}")
    for result in matrix.false_accusations():
        say(f"false accusation: {result.id}: {result.message}")
    for result in matrix.errors():
        say(f"error of the suite: {result.id}: {result.message}")
    unkilled = matrix.unkilled_clauses() if complete else []
    for clause in unkilled:
        say(f"no mutant dies of {clause}")
    mutants = [v for v in matrix.variants if not v.benign]
    say(
        f"{len(load().clauses)} clauses, {len(matrix.checks)} checks, {len(mutants)} mutants, "
        f"{len(matrix.variants) - len(mutants)} benign variants: "
        f"{len(matrix.survivors())} survivors, {len(matrix.false_accusations())} false "
        f"accusations, {len(matrix.errors())} errors, {len(unkilled)} MUST clauses without a kill"
    )


def _to_data(matrix: Matrix) -> dict[str, object]:
    return {
        "schema": 1,
        "variants": [
            {
                "name": variant.name,
                "note": variant.note,
                "violates": list(variant.violates),
                "outcomes": {
                    check: result.raw_outcome
                    for check, result in sorted(matrix.results.get(variant.name, {}).items())
                },
                "killed_by": {c: matrix.killers(variant.name, c) for c in variant.violates},
            }
            for variant in matrix.variants
        ],
        "survivors": [list(pair) for pair in matrix.survivors()],
        "false_accusations": [result.id for result in matrix.false_accusations()],
    }
