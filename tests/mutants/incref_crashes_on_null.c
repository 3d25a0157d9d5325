/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: retaining NULL dereferences it */
/* violates: REF-INC-04 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  ffi_incref(obj);
  return 0;
}
