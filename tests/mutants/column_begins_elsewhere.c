/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a column says that it begins at 1 but begins at 0 */
/* violates: TYPE-ATTR-02 */
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFIGetTypeAttrColumn

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  attr_column* column = (attr_column*)correct_TVMFFIGetTypeAttrColumn(attr_name);
  if (column != NULL) {
    column = (attr_column*)((char*)column - offsetof(attr_column, column));
    column->column.begin_index = 1;
  }
  return column != NULL ? &column->column : NULL;
}
