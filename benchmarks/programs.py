# SPDX-License-Identifier: Apache-2.0
"""How many mutants show their flaw by the C program alone that ``ffi-cts reproduce`` writes.

For each mutant a check is taken that kills it. Its program is compiled with the public headers and
all warnings as errors, and has to show the deviation on the mutant, and not on the reference::

    python benchmarks/programs.py --include FOLDER [--only GLOB] [--every N] [--keep FOLDER]

``FOLDER`` holds tvm/ffi/c_api.h, as the package apache-tvm-ffi has it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import attrs

from ffi_cts._paths import native_library
from ffi_cts.selftest.variants import Builder, Variant, load_variants

_FLAGS = ("-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1")
_SEEN, _NOT_SEEN = 1, 0
_SECONDS = 60
_DEVIATES = ("fail", "crash", "timeout")


@attrs.frozen
class Outcome:
    """What became of one mutant: shown, or what went wrong."""

    mutant: str
    check: str
    what: str
    detail: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each mutant whose program does not show it, and the figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--include", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--only", default="*", metavar="GLOB")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    wanted = [
        each
        for each in load_variants()
        if not (each.benign or each.exchanges) and fnmatch(each.name, given.only)
    ]
    wanted = wanted[:: given.every]
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        libraries = Builder(folder, jobs=given.jobs).build(wanted)
        with ThreadPoolExecutor(given.jobs) as pool:
            outcomes = list(
                pool.map(
                    lambda each: judge(each, libraries[each.name], given.include, folder), wanted
                )
            )
    return report(outcomes)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print what was found; 1 if a program does not compile, or accuses the reference."""
    for each in outcomes:
        if each.what != "shown":
            print(f"{each.what:<24} {each.mutant}  {each.check}")
            print("".join(f"    {line}\n" for line in each.detail.splitlines()[-8:]), end="")
    counts = Counter(each.what for each in outcomes)
    for what, number in counts.most_common():
        print(f"{number:>5}  {what}")
    calling = [each for each in outcomes if each.what not in ("makes no call", "not killed")]
    shown = counts["shown"]
    percent = 100 * shown / max(1, len(calling))
    print(f"{shown} of {len(calling)} programs show the deviation by themselves: {percent:.0f} %")
    return int(counts["does not compile"] + counts["accuses the reference"] > 0)


def judge(mutant: Variant, library: Path, include: Path, folder: Path) -> Outcome:
    """Write, compile and run the program of one mutant."""
    check = killer(mutant, library, folder)
    if not check:
        return Outcome(mutant.name, "", "not killed")
    source = folder / f"{mutant.name}.c"
    made = command("reproduce", library, check, "-o", source, "--force", "--effort", "quick")
    if made.returncode != 0:
        return Outcome(mutant.name, check, "no program", made.stderr)
    binary = source.with_suffix("")
    done = subprocess.run(
        [
            *("cc", *_FLAGS, str(source), "-I", str(include), str(library)),
            *("-pthread", "-ldl", "-o", str(binary)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return Outcome(mutant.name, check, "does not compile", done.stderr)
    if "makes no call" in source.read_text():
        return Outcome(mutant.name, check, "makes no call")
    code, output = run(binary, None)
    if code == _NOT_SEEN:
        what = "left to the suite" if "for the suite to judge" in output else "does not show it"
        return Outcome(mutant.name, check, what, "\n".join(output.splitlines()[-6:]))
    reference = run_on_reference(source, binary, include)
    if reference[0] != _NOT_SEEN:
        detail = f"{reference[0]}\n" + "\n".join(reference[1].splitlines()[-6:])
        return Outcome(mutant.name, check, "accuses the reference", detail)
    return Outcome(mutant.name, check, "shown")


def run_on_reference(source: Path, binary: Path, include: Path) -> tuple[int, str]:
    """The same program, linked to the reference."""
    other = binary.with_suffix(".reference")
    subprocess.run(
        [
            *("cc", *_FLAGS, str(source), "-I", str(include), str(native_library("reference"))),
            *("-pthread", "-ldl", "-o", str(other)),
        ],
        check=True,
    )
    return run(other, native_library("reference").parent)


def run(binary: Path, folder: Path | None) -> tuple[int, str]:
    """Exit code and output of a program."""
    path = {} if folder is None else {"LD_LIBRARY_PATH": str(folder)}
    try:
        done = subprocess.run(
            [str(binary)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, **path},
        )
    except subprocess.TimeoutExpired:
        return -9, "no end"
    return done.returncode, done.stdout.decode("utf-8", "replace")


def killer(mutant: Variant, library: Path, folder: Path) -> str:
    """A check that does not pass: of those that call the library one, if there is any."""
    file = folder / f"{mutant.name}.json"
    only = [f"--only={clause}" for clause in mutant.violates]
    if not file.exists():  # else kept from an earlier time
        command("run", library, *only, "--effort", "quick", "--json", file)
    if not file.exists():
        return ""
    checks = json.loads(file.read_text())["checks"]
    failing = [each for each in checks if (each.get("outcome") or each["status"]) in _DEVIATES]
    failing.sort(key=lambda each: not each["calls"])
    return str(failing[0]["id"]) if failing else ""


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ffi-cts."""
    return subprocess.run(
        [sys.executable, "-m", "ffi_cts", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    raise SystemExit(main())
