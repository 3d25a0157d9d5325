# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts exchange``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.errors import UsageError
from ffi_cts.frontends.cli import judging
from ffi_cts.frontends.cli.outputs import Outputs, output_options
from ffi_cts.frontends.cli.parameters import OUTPUT


@click.command()
@click.argument("libraries", nargs=-1, metavar="LIB...")
@click.option("--module", metavar="NAME", help="One more library, which has no adapter.")
@click.option(
    "--make",
    metavar="EXPRESSION",
    help="How it makes an array: of `array` (numpy's), `values`, `shape` and `dtype`.",
)
@click.option(
    "--consume",
    metavar="EXPRESSION",
    help="How it takes the tensor of `x`; default: lib.from_dlpack(x).",
)
@click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write the full report.")
@output_options
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Only checks whose id, or a clause id of theirs, fits; ids end in "
    "[PRODUCER->CONSUMER]. Repeatable.",
)
@judging.effort_and_pace
@judging.waiving("exchange")
@judging.stopping
@judging.showing
def exchange(
    libraries: tuple[str, ...],
    module: str | None,
    make: str | None,
    consume: str | None,
    json_file: Path | None,
    outputs: Outputs,
    only: tuple[str, ...],
    effort: str,
    seed: int,
    jobs: int,
    timeout_scale: float,
    expect: str | None,
    strict: bool,
    write_expect: Path | None,
    list_only: bool,
    maxfail: int,
    first: bool,
    durations: int,
    oneline: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Judge how libraries hand tensors to each other by DLPack.

    \b
    LIB is one of
      numpy, torch, ...              a library with an adapter, installed beside the suite
      reference, ./libmine.so        a TVM FFI runtime, through its C functions
      apache-tvm-ffi==0.1.15.post2   a published release of one
      ./adapter.py                   an adapter of yours

    \b
    Any other library that follows the Python protocol is judged by
      --module some.library --make 'lib.array(array)' --consume 'lib.from_dlpack(x)'

    Each is judged as a producer and as a consumer against the suite's own strict peer,
    and then with each of the others. The matrix has a row for each producer and a column
    for each consumer. Exit codes: see `ffi-cts --help`.

    FILE may be `-` for standard output; what people read then goes to standard error.
    """
    from ffi_cts.expectations import load_expectations
    from ffi_cts.frontends.cli.progress import Display
    from ffi_cts.report import files
    from ffi_cts.report.draft import check_new
    from ffi_cts.session import Options, judge, listing
    from ffi_cts.subjects.exchange import ExchangeKind

    check_new(write_expect)
    taken = files.check_outputs(
        {"--json": json_file, **outputs.named(), "--write-expect": write_expect},
        {**{f"LIB {word}": word for word in libraries}, "--expect": expect},
    )
    expectations = load_expectations(expect) if expect else None
    options = Options(
        target=", ".join((*libraries, *([module] if module else []))),
        libraries=libraries,
        recipe=_recipe(libraries, module, make, consume),
        only=only,
        effort=effort,
        seed=seed,
        jobs=jobs,
        timeout_scale=timeout_scale,
        strict=strict,
        maxfail=1 if first else maxfail,
    )
    if list_only:
        judging.print_list(listing(options, ExchangeKind()))
        return
    display = Display(quiet=quiet, stdout_taken=taken)
    with display:
        report = judge(options, expectations, display.callbacks(), kind=ExchangeKind())
    shown = judging.Shown(
        durations=durations, oneline=oneline, quiet=quiet, verbose=verbose, taken=taken
    )
    stored = [json_file] if json_file else []
    judging.conclude(report, display, shown, stored, outputs, write_expect)


def _recipe(
    libraries: tuple[str, ...], module: str | None, make: str | None, consume: str | None
) -> tuple[str, ...]:
    """The library without an adapter; empty if there is none.

    Raises:
        UsageError: an option lacks another, or an expression is none.
    """
    from ffi_cts.checks.exchange.adapters import FROM_DLPACK

    if module is None:
        if make or consume:
            raise UsageError("--make and --consume say how --module NAME is used.")
        if not libraries:
            raise UsageError("Nothing is to be judged.", "Name a library, such as numpy.")
        return ()
    if make is None:
        raise UsageError(
            f"--module {module} needs --make, an expression that gives an array.",
            "For example: --make 'lib.array(array)', where `array` is numpy's.",
        )
    for option, text in (("--make", make), ("--consume", consume or FROM_DLPACK)):
        try:
            compile(text, option, "eval")
        except (SyntaxError, ValueError) as error:
            raise UsageError(f"{option} {text!r} is no expression: {error}.") from error
    return (module, make, consume or FROM_DLPACK)
