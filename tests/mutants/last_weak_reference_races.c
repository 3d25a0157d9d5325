/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: with the last strong reference gone, the weak count is read and written in two steps */
/* violates: REF-THREAD-05 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t* count = &object->combined_ref_count;
  uint64_t before = __atomic_fetch_sub(count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((uint32_t)before != 1) return 0;
  if (before == FFI_BOTH_ONE) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
    return 0;
  }
  ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  bool others = __atomic_load_n(count, __ATOMIC_ACQUIRE) != FFI_WEAK_ONE;
  (void)__atomic_fetch_sub(count, FFI_WEAK_ONE, __ATOMIC_ACQ_REL);
  if (!others) ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
  return 0;
}
