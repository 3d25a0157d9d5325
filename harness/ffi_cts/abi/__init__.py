# SPDX-License-Identifier: Apache-2.0
"""The specification as data: the ABI (structs, constants, functions) and the clauses."""

from __future__ import annotations

from ffi_cts.abi.model import Abi, Clause, Spec, load

__all__ = ["Abi", "Clause", "Spec", "load"]
