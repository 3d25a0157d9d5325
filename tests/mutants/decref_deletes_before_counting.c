/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter runs before the strong count becomes zero */
/* violates: REF-DEC-06 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t* count = &object->combined_ref_count;
  uint64_t now = __atomic_load_n(count, __ATOMIC_ACQUIRE);
  if (now == FFI_BOTH_ONE) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth); /* the count goes with it */
  } else if ((uint32_t)now == 1) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
    now = __atomic_fetch_sub(count, FFI_BOTH_ONE, __ATOMIC_ACQ_REL);
    if (now == FFI_BOTH_ONE) ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
  } else {
    (void)__atomic_fetch_sub(count, FFI_STRONG_ONE, __ATOMIC_RELEASE);
  }
  return 0;
}
