/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: names of no type are read as handle */
/* violates: DTYPE-FROM-07 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  if (correct_TVMFFIDataTypeFromString(str, out) != 0) {
    ffi_set_raised(NULL);
    out->code = kDLOpaqueHandle;
    out->bits = 64;
    out->lanes = 1;
  }
  return 0;
}
