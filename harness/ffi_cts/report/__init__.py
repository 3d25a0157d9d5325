# SPDX-License-Identifier: Apache-2.0
"""Reports: one JSON file, and what is derived from it for terminals, CI and people.

`store` writes and reads the JSON; `terminal`, `page`, `markdown`, `junit`, `sarif`, `github` and
`badge` each render a Report, and nothing but a Report, so that no two renderings can disagree.
"""
