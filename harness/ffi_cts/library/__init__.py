# SPDX-License-Identifier: Apache-2.0
"""Library files: found, fetched and read, never loaded."""
