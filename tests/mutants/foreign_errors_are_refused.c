/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only errors of this library can be raised */
/* violates: ERR-CROSS-01 ERR-RAISE-02 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "error.c"
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  if (((TVMFFIObject*)error)->deleter != error_delete) {
    (void)ffi_raise("TypeError", "not an error of this library");
    return;
  }
  correct_TVMFFIErrorSetRaised(error);
}
