# SPDX-License-Identifier: Apache-2.0
"""The command line. Modules here import only click: the rest is imported when a command runs."""

from __future__ import annotations

import click

from ffi_cts import __version__
from ffi_cts.frontends.cli.bench import bench
from ffi_cts.frontends.cli.compare import compare
from ffi_cts.frontends.cli.debug import debug, inside
from ffi_cts.frontends.cli.diff import diff
from ffi_cts.frontends.cli.exchange import exchange
from ffi_cts.frontends.cli.releases import releases
from ffi_cts.frontends.cli.report import report
from ffi_cts.frontends.cli.reproduce import reproduce
from ffi_cts.frontends.cli.run import run
from ffi_cts.frontends.cli.selftest import selftest
from ffi_cts.frontends.cli.spec import spec

_EPILOG = """\b
Exit codes:
  0  conformant, or every deviation is waived
  1  not conformant (or: the self-test or the linter found something)
  2  usage or input error
  3  the suite failed, or results were lost
  4  nothing of what was selected ran
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(__version__, prog_name="ffi-cts")
def cli() -> None:
    """Conformance suite for the TVM FFI C ABI.

    \b
    Judge a library:      ffi-cts run ./libmine.so
    Judge a release:      ffi-cts run apache-tvm-ffi==0.1.15.post2
    Judge all of them:    ffi-cts run 'apache-tvm-ffi==*'
    Into a crash:         ffi-cts debug ./libmine.so FUNC-CREATE-05
    As a C program:       ffi-cts reproduce ./libmine.so FUNC-CREATE-05 -o repro.c
    Exchange tensors:     ffi-cts exchange numpy torch reference
    Gate CI:              ffi-cts run ./libmine.so --expect mine.toml --strict
    What changed:         ffi-cts diff old.json new.json --gate
    Measure its calls:    ffi-cts bench ./libmine.so
    Did calls get slower: ffi-cts compare ./before.so ./after.so --gate
    Read a requirement:   ffi-cts spec show ERR-RAISE-03
    """


for command in (
    *(run, debug, reproduce, exchange, report, diff, releases),
    *(bench, compare, spec, selftest),
):
    cli.add_command(command)
cli.add_command(inside, "debug-inside")
