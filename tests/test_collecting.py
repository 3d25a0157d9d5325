# SPDX-License-Identifier: Apache-2.0
"""Collection of checks that can't be imported."""

from pathlib import Path

import pytest

from ffi_cts.engine import collecting
from ffi_cts.errors import HarnessError


def test_a_file_that_can_not_be_imported_is_no_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_broken.py").write_text("import no_such_module_at_all\n")
    monkeypatch.setattr(collecting, "resource", lambda name: tmp_path)
    with pytest.raises(HarnessError, match="could not be collected"):
        collecting.collect(lambda checks: None, [])
