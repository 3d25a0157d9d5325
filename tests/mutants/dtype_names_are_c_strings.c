/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the name of a data type is read up to a terminator */
/* violates: DTYPE-FROM-04 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  TVMFFIByteArray text = {str->data, strlen(str->data)};
  return correct_TVMFFIDataTypeFromString(&text, out);
}
