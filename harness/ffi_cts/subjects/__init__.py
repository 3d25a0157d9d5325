# SPDX-License-Identifier: Apache-2.0
"""Kinds of subject: how each is found, probed, and handed to its checks."""
