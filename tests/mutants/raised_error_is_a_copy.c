/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: raising an error raises a copy of it */
/* violates: XLIB-ERR-01 XLIB-ERR-02 XLIB-ERR-04 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  if (error == NULL) {
    ffi_set_raised(NULL);
    return;
  }
  const TVMFFIErrorCell* cell = (const TVMFFIErrorCell*)((TVMFFIObject*)error + 1);
  ffi_set_raised(ffi_error_new(cell->kind, cell->message, cell->backtrace, NULL, NULL));
}
