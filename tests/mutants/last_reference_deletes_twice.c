/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the last reference calls the deleter with the flag Strong, then with both flags */
/* violates: REF-DEC-03 XLIB-DROP-02 */
#define ffi_last_strong_gone one_call_for_both
#include "counts.c"
#undef ffi_last_strong_gone

void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before) {
  if (before == FFI_BOTH_ONE) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  }
  one_call_for_both(object, before);
}
