/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a fetched error stays pending */
/* violates: ERR-MOVE-01 ERR-CALL-04 */
#define TVMFFIErrorMoveFromRaised correct_TVMFFIErrorMoveFromRaised
#include "raised.c"
#undef TVMFFIErrorMoveFromRaised

FFI_CTS_EXPORT void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* result) {
  *result = ffi_retain(ffi_this_thread.raised);
}
