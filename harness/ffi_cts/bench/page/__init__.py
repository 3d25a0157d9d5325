# SPDX-License-Identifier: Apache-2.0
"""A benchmark as one self-contained HTML page."""
