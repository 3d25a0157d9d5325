# SPDX-License-Identifier: Apache-2.0
"""Calls from Python: what can be measured, and the driver that does, in a child."""
