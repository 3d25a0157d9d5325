/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIErrorMoveFromRaised writes nothing if nothing is pending */
/* violates: ERR-MOVE-03 */
#define TVMFFIErrorMoveFromRaised correct_TVMFFIErrorMoveFromRaised
#include "raised.c"
#undef TVMFFIErrorMoveFromRaised

FFI_CTS_EXPORT void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* result) {
  if (ffi_this_thread.raised != NULL) {
    correct_TVMFFIErrorMoveFromRaised(result);
  }
}
