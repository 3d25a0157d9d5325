# SPDX-License-Identifier: Apache-2.0
"""The gate: whether calls of a candidate got slower than those of a base."""
