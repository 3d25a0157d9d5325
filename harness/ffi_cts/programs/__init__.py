# SPDX-License-Identifier: Apache-2.0
"""What a check did to a library, recorded and said again as a C program."""
