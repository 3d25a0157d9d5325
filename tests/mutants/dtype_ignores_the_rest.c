/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: what follows a type is ignored */
/* violates: DTYPE-FROM-05 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  TVMFFIByteArray text = *str;
  while (text.size > 0 && correct_TVMFFIDataTypeFromString(&text, out) != 0) {
    --text.size;
  }
  return text.size > 0 ? 0 : -1;
}
