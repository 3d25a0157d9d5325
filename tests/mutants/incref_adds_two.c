/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: retaining an object counts twice */
/* violates: REF-INC-01 REF-INC-03 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  (void)correct_TVMFFIObjectIncRef(obj);
  return correct_TVMFFIObjectIncRef(obj);
}
