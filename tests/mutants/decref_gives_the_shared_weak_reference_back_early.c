/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the weak reference that all strong ones share goes before the deleter runs */
/* violates: REF-DEC-10 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((uint32_t)before != 1) return 0;
  if (before == FFI_BOTH_ONE) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
    return 0;
  }
  (void)__atomic_fetch_sub(&object->combined_ref_count, FFI_WEAK_ONE, __ATOMIC_ACQ_REL);
  ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  if (__atomic_load_n(&object->combined_ref_count, __ATOMIC_ACQUIRE) == 0) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
  }
  return 0;
}
