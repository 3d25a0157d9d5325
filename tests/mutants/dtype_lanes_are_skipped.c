/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the lanes of a type are not read */
/* violates: DTYPE-FROM-02 DTYPE-TO-01 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  int code = correct_TVMFFIDataTypeFromString(str, out);
  if (code == 0) {
    out->lanes = 1;
  }
  return code;
}
