# SPDX-License-Identifier: Apache-2.0
"""Self-contained HTML pages: the base that every page stands on, and those of reports."""
