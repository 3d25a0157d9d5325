/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIErrorSetRaisedFromCStr takes its message for a format */
/* violates: ERR-TEXT-01 */
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStr

#pragma GCC diagnostic ignored "-Wformat-security"
FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  (void)ffi_raise(kind, message);
}
