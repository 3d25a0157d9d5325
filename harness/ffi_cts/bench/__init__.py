# SPDX-License-Identifier: Apache-2.0
"""Call latency: what each ABI operation costs, in instructions and in nanoseconds."""
