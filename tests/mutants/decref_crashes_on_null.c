/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing NULL dereferences it */
/* violates: REF-DEC-09 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  ffi_decref(obj);
  return 0;
}
