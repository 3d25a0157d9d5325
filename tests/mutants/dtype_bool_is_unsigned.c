/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: bool is read as an unsigned type of one bit */
/* violates: DTYPE-FROM-01 DTYPE-TO-01 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  int code = correct_TVMFFIDataTypeFromString(str, out);
  if (code == 0 && out->code == kDLBool) {
    out->code = kDLUInt;
    out->bits = 1;
  }
  return code;
}
