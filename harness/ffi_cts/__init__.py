# SPDX-License-Identifier: Apache-2.0
"""Conformance suite and call-latency benchmark for the TVM FFI C ABI.

Importing this package is cheap: everything heavy is imported where it is used.
"""

from __future__ import annotations

from ffi_cts._version import __version__

__all__ = ["__version__"]
