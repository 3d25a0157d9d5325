/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error raised from C strings has a reference too many */
/* violates: ERR-TEXT-03 */
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStr

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  correct_TVMFFIErrorSetRaisedFromCStr(kind, message);
  (void)ffi_retain(ffi_this_thread.raised);
}
