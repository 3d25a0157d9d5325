# SPDX-License-Identifier: Apache-2.0
"""Benchmarks for airspeed velocity (asv)."""
