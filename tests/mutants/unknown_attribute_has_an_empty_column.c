/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a name that was never registered has an empty column */
/* violates: TYPE-ATTR-01 TYPE-ATTR-06 */
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFIGetTypeAttrColumn

static const TVMFFITypeAttrColumn empty;

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  const TVMFFITypeAttrColumn* column = correct_TVMFFIGetTypeAttrColumn(attr_name);
  return column != NULL ? column : &empty;
}
