/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: each thread has one place for the column that it looked up last */
/* violates: TYPE-ATTR-08 */
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFIGetTypeAttrColumn

static _Thread_local TVMFFITypeAttrColumn last;

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  const TVMFFITypeAttrColumn* column = correct_TVMFFIGetTypeAttrColumn(attr_name);
  if (column == NULL) {
    return NULL;
  }
  last = *column;
  return &last;
}
