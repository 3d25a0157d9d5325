/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the last reference calls the deleter with the flag Strong, then with the flag Weak */
#define ffi_last_strong_gone one_call_for_both
#include "counts.c"
#undef ffi_last_strong_gone

void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before) {
  (void)before;
  acquire_before_deletion(object);
  ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  before = __atomic_fetch_sub(&object->combined_ref_count, FFI_WEAK_ONE, __ATOMIC_RELEASE);
  if (before == FFI_WEAK_ONE) {
    acquire_before_deletion(object);
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
  }
}
