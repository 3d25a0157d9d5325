# SPDX-License-Identifier: Apache-2.0
"""The meters: drivers that run in children, counts of instructions, and the clock."""
