# SPDX-License-Identifier: Apache-2.0
# oddity: a tensor that is refused is taken over and given back

from typing import Any

from ffi_cts.checks.exchange import capsules
from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    latest: Any = None

    def ask(self, source: Any, copy: bool | None) -> Any:
        self.latest = super().ask(source, copy)
        return self.latest

    def _consume(self, source: Any, **asked: Any) -> Array:
        try:
            return super()._consume(source, **asked)
        except BufferError:
            capsule, self.latest = self.latest, None
            if capsule is not None and capsules.name(capsule) in capsules.NAMES:
                versioned = capsules.is_versioned(capsule)
                self.own(capsule, capsules.managed(capsule), versioned=versioned)
            raise
        finally:
            self.latest = None
