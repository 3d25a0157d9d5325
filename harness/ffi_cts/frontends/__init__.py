# SPDX-License-Identifier: Apache-2.0
"""The ways in which people start a run: the command line, and pytest."""
