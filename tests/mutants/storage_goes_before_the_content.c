/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the last reference calls the deleter with the flag Weak, then with the flag Strong */
/* violates: REF-DEC-03 */
#define ffi_last_strong_gone one_call_for_both
#include "counts.c"
#undef ffi_last_strong_gone

void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before) {
  acquire_before_deletion(object);
  if (before == FFI_BOTH_ONE) {
    ffi_deleter deleter = object->deleter;
    if (deleter != NULL) {
      deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
      deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
    }
    return;
  }
  one_call_for_both(object, before);
}
