/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers by its address the attribute name that it looked up last */
/* violates: TYPE-ATTR-02 */
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFIGetTypeAttrColumn

static _Thread_local TVMFFIByteArray last;
static _Thread_local const TVMFFITypeAttrColumn* found;

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  if (found != NULL && attr_name->data == last.data && attr_name->size == last.size) {
    return found;
  }
  const TVMFFITypeAttrColumn* column = correct_TVMFFIGetTypeAttrColumn(attr_name);
  if (column != NULL) {
    last = *attr_name;
    found = column;
  }
  return column;
}
