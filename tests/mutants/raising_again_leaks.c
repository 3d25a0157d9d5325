/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: raising the pending error again leaves a reference behind */
/* violates: ERR-RAISE-03 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  if (ffi_this_thread.raised == error) {
    (void)ffi_retain(error);
    return;
  }
  correct_TVMFFIErrorSetRaised(error);
}
