# SPDX-License-Identifier: Apache-2.0
"""How often the checks of threads find each race that they are there for.

Judges every mutant that breaks a clause of the profile `threads`, again and again, by the checks
of that clause, and prints in how many runs it was found: on the machine as it is, and beside
processes that keep cores busy.

    python benchmarks/races.py --runs 100 --busy 1
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve

from ffi_cts.abi import load
from ffi_cts.engine.plan import Check
from ffi_cts.engine.scheduler import Job
from ffi_cts.results import DEVIATIONS, Status
from ffi_cts.selftest.variants import Builder, Variant, load_variants
from ffi_cts.session import Options, Session

Counts = dict[tuple[str, str], Counter[str]]


def broken_by_threads(variant: Variant) -> list[str]:
    """The clauses of the profile that the mutant violates."""
    clauses = load().clauses
    return [each for each in variant.violates if clauses[each].profile == "threads"]


def burn() -> None:
    """Keep a core busy until killed."""
    while True:
        pass


@contextmanager
def beside(busy: int) -> Iterator[None]:
    """While entered, so many processes compute."""
    burners = [multiprocessing.Process(target=burn, daemon=True) for _ in range(busy)]
    for each in burners:
        each.start()
    try:
        yield
    finally:
        for each in burners:
            each.kill()
            each.join()


def judge(variants: list[Variant], libraries: dict[str, Path], runs: int) -> Counts:
    """Outcomes of all runs by mutant and clause."""
    counts: Counts = {}
    with Session(Options(target="reference", effort="quick"), shrink=False) as session:
        reference = session.found.subject

        def loop(checks: list[Check]) -> None:
            jobs = []
            for variant in variants:
                for check in checks:
                    if not set(broken_by_threads(variant)) & set(check.clause_ids):
                        continue
                    for run in range(runs):
                        name, path = f"{variant.name} {run}", libraries[variant.name]
                        jobs.append(Job(check, evolve(reference, id=name, path=path), 1))
            for job, result in session.carry_out(jobs):
                outcome = Status(result.raw_outcome)
                word = "found" if outcome in DEVIATIONS else outcome.value
                key = (job.subject.id.rpartition(" ")[0], job.check.id)
                counts.setdefault(key, Counter())[word] += 1

        session.collect(loop)
    return counts


def main() -> int:
    """Print the rates; 1 if a race was missed once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=100, help="of each check on each mutant")
    parser.add_argument("--busy", type=int, default=0, help="processes that compute meanwhile")
    options = parser.parse_args()
    variants = [each for each in load_variants() if broken_by_threads(each)]
    with tempfile.TemporaryDirectory(prefix="ffi-cts-races-") as folder, beside(options.busy):
        libraries = Builder(Path(folder), 2).build(variants)
        counts = judge(variants, libraries, options.runs)
    missed = 0
    for (variant, check), outcomes in sorted(counts.items()):
        if outcomes["pass"] == options.runs and "[" in check:
            continue  # the flaw concerns other parameters of this check
        found, total = outcomes.pop("found", 0), options.runs
        missed += total - found
        others = ", ".join(f"{count} {word}" for word, count in sorted(outcomes.items()))
        print(f"found in {found} of {total}  {variant}  {check}  {others}".rstrip())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
