/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: one byte behind the text is looked at */
/* violates: DTYPE-FROM-04 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  if (*(const volatile char*)(str->data + str->size) == '?') {
    return -1;
  }
  return correct_TVMFFIDataTypeFromString(str, out);
}
