/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a fetched error has a reference too many */
/* violates: ERR-MOVE-02 ERR-TEXT-03 ERR-CALL-02 */
#define TVMFFIErrorMoveFromRaised correct_TVMFFIErrorMoveFromRaised
#include "raised.c"
#undef TVMFFIErrorMoveFromRaised

FFI_CTS_EXPORT void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* result) {
  correct_TVMFFIErrorMoveFromRaised(result);
  (void)ffi_retain(*result);
}
