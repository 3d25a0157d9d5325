/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error raised from C strings has no update_backtrace */
/* violates: ERR-TRACE-01 */
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStr

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  correct_TVMFFIErrorSetRaisedFromCStr(kind, message);
  ((TVMFFIErrorCell*)(ffi_this_thread.raised + 1))->update_backtrace = NULL;
}
