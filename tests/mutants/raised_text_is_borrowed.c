/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error raised from C strings refers to the caller's message */
/* violates: ERR-TEXT-02 */
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStr

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  correct_TVMFFIErrorSetRaisedFromCStr(kind, message);
  ((TVMFFIErrorCell*)(ffi_this_thread.raised + 1))->message.data = message;
}
