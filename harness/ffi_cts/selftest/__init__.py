# SPDX-License-Identifier: Apache-2.0
"""The suite tried on implementations that are wrong, or odd, on purpose."""
