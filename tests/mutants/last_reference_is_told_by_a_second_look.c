/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: whether a release was the last one is read again after the countdown */
/* violates: REF-THREAD-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t* count = &object->combined_ref_count;
  (void)__atomic_fetch_sub(count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  uint64_t after = __atomic_load_n(count, __ATOMIC_ACQUIRE);
  if ((uint32_t)after == 0) ffi_last_strong_gone(object, after + FFI_STRONG_ONE);
  return 0;
}
