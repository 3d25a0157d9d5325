# SPDX-License-Identifier: Apache-2.0
"""Launches of CUDA kernels through the FFI, and the same in plain CUDA."""
