# SPDX-License-Identifier: Apache-2.0
"""The call-latency benchmark."""
