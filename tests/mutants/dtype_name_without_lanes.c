/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the name of a type leaves its lanes out */
/* violates: DTYPE-TO-01 */
#define TVMFFIDataTypeToString correct_TVMFFIDataTypeToString
#include "dtype.c"
#undef TVMFFIDataTypeToString

FFI_CTS_EXPORT int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  DLDataType scalar = *dtype;
  scalar.lanes = 1;
  return correct_TVMFFIDataTypeToString(&scalar, out);
}
