# SPDX-License-Identifier: Apache-2.0
"""What checks of tensor exchange are made of: tensors, the strict peer, and the libraries."""
