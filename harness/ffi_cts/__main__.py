# SPDX-License-Identifier: Apache-2.0
"""Entry point of the command ``ffi-cts`` and of ``python -m ffi_cts``."""

from __future__ import annotations

import sys

from ffi_cts.cli import cli
from ffi_cts.errors import FfiCtsError


def main() -> None:
    """Run the command line; exit codes are those of ``ffi-cts --help``."""
    try:
        cli.main(prog_name="ffi-cts", standalone_mode=True)
    except FfiCtsError as error:
        sys.stderr.write(f"ffi-cts: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
