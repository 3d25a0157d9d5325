/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the name of a type is handed out as bytes */
/* violates: DTYPE-TO-03 */
#define TVMFFIDataTypeToString correct_TVMFFIDataTypeToString
#include "dtype.c"
#undef TVMFFIDataTypeToString

FFI_CTS_EXPORT int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  int code = correct_TVMFFIDataTypeToString(dtype, out);
  if (code == 0) {
    out->type_index = out->type_index == kTVMFFIStr ? kTVMFFIBytes : kTVMFFISmallBytes;
  }
  return code;
}
