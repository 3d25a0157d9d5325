# SPDX-License-Identifier: Apache-2.0
# flaw: the deleter ends the process in a thread that is not the library's own
# violates: EXCH-LIFE-02

import os
import threading

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def deleted(self, managed: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            os.abort()
        super().deleted(managed)
