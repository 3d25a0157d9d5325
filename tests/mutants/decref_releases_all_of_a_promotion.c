/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an object that was ever held weakly is deleted while a strong reference is left */
/* violates: REF-WEAK-04 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object != NULL && object->combined_ref_count == (FFI_WEAK_ONE | 2)) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  }
  return correct_TVMFFIObjectDecRef(obj);
}
