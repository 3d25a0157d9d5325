/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: whether a release is the last one is read in front of the countdown, not from it */
/* violates: REF-THREAD-02 XLIB-THREAD-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t* count = &object->combined_ref_count;
  uint64_t before = __atomic_load_n(count, __ATOMIC_ACQUIRE);
  (void)__atomic_fetch_sub(count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((uint32_t)before == 1) ffi_last_strong_gone(object, before);
  return 0;
}
