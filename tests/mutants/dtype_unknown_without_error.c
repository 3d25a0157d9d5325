/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: names of no type are refused without an error */
/* violates: DTYPE-FROM-07 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  int code = correct_TVMFFIDataTypeFromString(str, out);
  if (code != 0) {
    ffi_set_raised(NULL);
  }
  return code;
}
