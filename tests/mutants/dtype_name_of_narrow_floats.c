/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: narrow floats are written as plain floats */
/* violates: DTYPE-TO-02 DTYPE-TO-04 */
#define TVMFFIDataTypeToString correct_TVMFFIDataTypeToString
#include "dtype.c"
#undef TVMFFIDataTypeToString

FFI_CTS_EXPORT int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  DLDataType other = *dtype;
  if (other.code >= kDLFloat8_e3m4) {
    other.code = kDLFloat;
  }
  return correct_TVMFFIDataTypeToString(&other, out);
}
