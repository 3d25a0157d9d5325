/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the last strong reference calls the deleter with each flag, weak references or not */
/* violates: REF-DEC-04 REF-WEAK-01 */
#define ffi_last_strong_gone careful_last_strong_gone
#include "counts.c"
#undef ffi_last_strong_gone

void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before) {
  (void)before;
  acquire_before_deletion(object);
  ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
}
