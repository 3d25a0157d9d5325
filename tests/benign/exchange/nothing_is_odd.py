# SPDX-License-Identifier: Apache-2.0
# oddity: none: this is the small library that all the others change

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    pass
