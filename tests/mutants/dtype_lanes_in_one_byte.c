/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: lanes are read modulo 256 */
/* violates: DTYPE-FROM-02 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  int code = correct_TVMFFIDataTypeFromString(str, out);
  if (code == 0) {
    out->lanes &= 0xFF;
  }
  return code;
}
