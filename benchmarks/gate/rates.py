# SPDX-License-Identifier: Apache-2.0
"""How often the gate cries wolf, and how often it finds what is there.

Compares a library with a copy of itself (A/A), and with libraries whose FunctionCall
costs a known little more, again and again, and prints rates: of `ffi-cts compare` by
instructions and by time, and of `asv compare` and `pyperf compare_to` on the very
samples that the gate's clock took.

    pip install '.[asv]'
    python benchmarks/gate/rates.py reference --aa 200 --timed 40 --injected 50
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

sys.path.insert(0, str(Path(__file__).parent))
from injected import build

from ffi_cts.bench.gate.comparer import Comparer, Plan
from ffi_cts.bench.gate.model import Comparison, Outcome, Round
from ffi_cts.bench.settings import Settings
from ffi_cts.errors import FfiCtsError
from ffi_cts.library.targets import resolve

OURS, ASV, PYPERF = "ffi-cts compare", "asv compare", "pyperf compare_to"
AFFECTED = ("call.args_0", "call.args_1", "call.args_3", "call.args_8", "call.failing")
Samples = Mapping[str, Sequence[float]]


@frozen
class Trial:
    """One comparison: operations that each tool calls changed, and those it can't judge."""

    changed: dict[str, frozenset[str]]
    undecided: frozenset[str]


def libraries(folder: Path, real: Path) -> dict[str, Path]:
    """Two equal libraries, and three that differ from the first in one way each."""
    made = {
        "base": build(folder, real, "base.so"),
        "+5": build(folder, real, "plus5.so", extra=5),
        "+21": build(folder, real, "plus21.so", extra=21),
        "quick": build(folder, real, "quick.so", pauses=2),
        "delay": build(folder, real, "delay.so", pauses=2, slow=True),
    }
    for name in ("base", "quick"):
        made[f"{name} again"] = folder / f"{name}_again.so"
        shutil.copy2(made[name], made[f"{name} again"])
    return made


def compare(base: Path, candidate: Path, options: Settings) -> tuple[Comparison, list[Round]]:
    """One comparison, and the collections of its clock."""
    comparer = Comparer(Plan(str(base), str(candidate), options))
    return comparer.run(), comparer.collections


def trial(base: Path, candidate: Path, options: Settings, *, others: bool) -> Trial:
    """Compare once with every tool."""
    found, collections = compare(base, candidate, options)
    if found.interrupted:
        raise KeyboardInterrupt
    slower_or_faster = found.having(Outcome.SLOWER, Outcome.FASTER)
    doubtful = found.having(Outcome.UNSTABLE, Outcome.INCONCLUSIVE)
    changed = {OURS: frozenset(change.op for change in slower_or_faster)}
    if others and collections:
        first = collections[0]
        names = [change.op for change in found.changes]
        one = {op: first.base[op] for op in names if op in first.base and op in first.candidate}
        two = {op: first.candidate[op] for op in one}
        for name, tool in ((ASV, asv_changes), (PYPERF, pyperf_changes)):
            seen = tool(one, two)
            if seen is not None:
                changed[name] = seen
    return Trial(changed, frozenset(change.op for change in doubtful))


def asv_changes(base: Samples, candidate: Samples) -> frozenset[str] | None:
    """What `asv compare` with its defaults calls better or worse; None without asv."""
    try:
        from asv.commands.compare import _is_result_better as better
        from asv_runner.statistics import compute_stats
    except ImportError:
        return None
    found = set()
    for op in base:
        (a, a_stats), (b, b_stats) = (compute_stats(list(s[op]), 1) for s in (base, candidate))
        one, two = (a_stats, list(base[op])), (b_stats, list(candidate[op]))
        if better(b, a, two, one, 1.1) or better(a, b, one, two, 1.1):
            found.add(op)
    return frozenset(found)


def pyperf_changes(base: Samples, candidate: Samples) -> frozenset[str] | None:
    """What `pyperf compare_to` calls significantly slower or faster; None without pyperf."""
    try:
        import pyperf
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, samples in (("base", base), ("candidate", candidate)):
            suite = pyperf.BenchmarkSuite(
                [
                    pyperf.Benchmark(
                        [
                            pyperf.Run(
                                [value * 1e-9], metadata={"name": op}, collect_metadata=False
                            )
                            for value in values
                        ]
                    )
                    for op, values in samples.items()
                ]
            )
            files.append(str(Path(folder) / f"{name}.json"))
            suite.dump(files[-1])
        command = [sys.executable, "-m", "pyperf", "compare_to", "--group-by-speed", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    kind, found = "", set()
    for line in done.stdout.splitlines():
        text = line.strip()
        if text.startswith(("Slower", "Faster")):
            kind = "changed"
        elif text.startswith(("Benchmark hidden", "Geometric mean", "Not significant")):
            kind = ""
        elif kind and text.startswith("- "):
            found.add(text[2:].split(":")[0])
    return frozenset(found)


def repeat(times: int, what: str, once: Callable[[int], Trial]) -> list[Trial]:
    """Do something often, and tell how far it is."""
    trials: list[Trial] = []
    start = time.monotonic()
    for number in range(times):
        trials.append(once(number))
        spent = time.monotonic() - start
        print(f"\r{what}: {number + 1}/{times}, {spent:.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)
    return trials


def false_alarms(trials: Sequence[Trial]) -> dict[str, str]:
    """Comparisons of a library with itself in which a tool saw a change."""
    found = Counter(name for t in trials for name, ops in t.changed.items() if ops)
    tools = dict.fromkeys(name for t in trials for name in t.changed)
    return {name: f"{found[name]} of {len(trials)}" for name in tools}


def detections(trials: Sequence[Trial]) -> dict[str, str]:
    """Comparisons in which a tool saw every affected operation change, and no other."""
    tools = dict.fromkeys(name for t in trials for name in t.changed)
    rows = {}
    for name in tools:
        every = sum(t.changed.get(name, frozenset()) >= set(AFFECTED) for t in trials)
        wrong = sum(bool(t.changed.get(name, frozenset()) - set(AFFECTED)) for t in trials)
        unsure = sum(bool(t.undecided) for t in trials) if name == OURS else 0
        rows[name] = f"{every} of {len(trials)}; others accused in {wrong}" + (
            f"; undecided on some operation in {unsure}" if unsure else ""
        )
    return rows


def main() -> int:
    """Run the trials and print the rates."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("target", nargs="?", default="reference", help="library to try it on")
    parser.add_argument("--aa", type=int, default=200, help="A/A comparisons by instructions")
    parser.add_argument("--timed", type=int, default=40, help="A/A comparisons by time")
    parser.add_argument("--injected", type=int, default=50, help="+5 comparisons by instructions")
    parser.add_argument("--delayed", type=int, default=20, help="delay comparisons by time")
    parser.add_argument(
        "--only", nargs="*", default=["call.*", "object.*", "string.*", "stream.*"], metavar="GLOB"
    )
    parser.add_argument("--json", type=Path, help="write the rates there too")
    given = parser.parse_args()
    by_count = Settings(
        meters=("instructions",), layers=("c",), only=tuple(given.only), contended=False, force=True
    )
    by_time = evolve(by_count, meters=("time",), rounds=20)
    try:
        real = resolve(given.target)
    except FfiCtsError as error:
        print(f"rates: {error}", file=sys.stderr)
        return error.exit_code
    with tempfile.TemporaryDirectory() as folder:
        made = libraries(Path(folder), real.path)

        def counted(name: str) -> Callable[[int], Trial]:
            return lambda n: trial(made["base"], made[name], evolve(by_count, seed=n), others=False)

        def timed(name: str) -> Callable[[int], Trial]:
            return lambda n: trial(
                made["quick"], made[name], evolve(by_time, seed=2 * n), others=True
            )

        rates = {
            "A/A, instructions: false alarms": false_alarms(
                repeat(given.aa, "A/A by instructions", counted("base again"))
            ),
            "+5 instructions, instructions: found": detections(
                repeat(given.injected, "+5 by instructions", counted("+5"))
            ),
            "+21 instructions, instructions: found": detections(
                repeat(given.injected, "+21 by instructions", counted("+21"))
            ),
            "A/A, time: false alarms": false_alarms(
                repeat(given.timed, "A/A by time", timed("quick again"))
            ),
            "delay without an instruction, time: found": detections(
                repeat(given.delayed, "delay by time", timed("delay"))
            ),
        }
    for what, row in rates.items():
        print(what)
        for tool, rate in row.items():
            print(f"  {tool:<20}{rate}")
    if given.json:
        given.json.write_text(json.dumps({"target": real.id, "rates": rates}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
