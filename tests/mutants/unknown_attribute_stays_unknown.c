/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers the attribute that it missed last, and misses it for ever */
/* violates: TYPE-ATTR-02 */
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFIGetTypeAttrColumn

static _Thread_local char missed[64];
static _Thread_local size_t missed_size;

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  if (missed_size != 0 && attr_name->size == missed_size &&
      memcmp(attr_name->data, missed, missed_size) == 0) {
    return NULL;
  }
  const TVMFFITypeAttrColumn* column = correct_TVMFFIGetTypeAttrColumn(attr_name);
  if (column == NULL && attr_name->size <= sizeof(missed) && attr_name->data != NULL) {
    memcpy(missed, attr_name->data, attr_name->size);
    missed_size = attr_name->size;
  }
  return column;
}
