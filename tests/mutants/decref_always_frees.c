/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the last strong reference frees the storage although weak references are left */
/* violates: REF-DEC-04 REF-WEAK-01 XLIB-WEAK-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((uint32_t)before == 1) ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
  return 0;
}
