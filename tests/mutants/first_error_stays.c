/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a pending error is not replaced */
/* violates: ERR-REPLACE-01 ERR-REPLACE-02 ERR-CALL-03 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaised
#undef TVMFFIErrorSetRaisedFromCStr

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  if (ffi_this_thread.raised == NULL) {
    correct_TVMFFIErrorSetRaised(error);
  }
}

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  if (ffi_this_thread.raised == NULL) {
    correct_TVMFFIErrorSetRaisedFromCStr(kind, message);
  }
}
