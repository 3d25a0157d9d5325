# SPDX-License-Identifier: Apache-2.0
"""Isolation: every check runs in a forked child that may die in any way."""
