/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter is called without a look whether there is one */
/* violates: REF-DEC-07 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object != NULL && (uint32_t)object->combined_ref_count == 1 && object->deleter == NULL) {
    object->deleter(obj, kTVMFFIObjectDeleterFlagBitMaskBoth);
  }
  return correct_TVMFFIObjectDecRef(obj);
}
