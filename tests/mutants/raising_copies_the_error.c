/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: what is raised is a copy of the error */
/* violates: ERR-RAISE-01 ERR-CROSS-01 ERR-CALL-02 ERR-CROSS-03 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  const TVMFFIErrorCell* cell = (const TVMFFIErrorCell*)((TVMFFIObject*)error + 1);
  ffi_set_raised(ffi_error_new(cell->kind, cell->message, cell->backtrace, NULL, NULL));
}
