/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: after a deletion with the flag Strong nobody looks whether the weak references are gone */
/* violates: REF-DEC-05 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if (before == FFI_BOTH_ONE) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
  } else if ((uint32_t)before == 1) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
    (void)__atomic_fetch_sub(&object->combined_ref_count, FFI_WEAK_ONE, __ATOMIC_ACQ_REL);
  }
  return 0;
}
