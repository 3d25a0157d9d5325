# SPDX-License-Identifier: Apache-2.0
"""Reading TOML: the standard library's parser, or its backport on Python 3.10."""

import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOMLDecodeError = tomllib.TOMLDecodeError


def loads(text: str) -> dict[str, Any]:
    """Parse TOML text. Raises TOMLDecodeError."""
    table: dict[str, Any] = tomllib.loads(text)
    return table


def load(path: Path) -> dict[str, Any]:
    """Parse a TOML file. Raises OSError, UnicodeDecodeError or TOMLDecodeError."""
    with path.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    return table
