# SPDX-License-Identifier: Apache-2.0
"""A deviation under a debugger: one example in one process, stopped before the call that counts."""
