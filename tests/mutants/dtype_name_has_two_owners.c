/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the name of a type has one reference too many */
/* violates: DTYPE-TO-03 */
#define TVMFFIDataTypeToString correct_TVMFFIDataTypeToString
#include "dtype.c"
#undef TVMFFIDataTypeToString

FFI_CTS_EXPORT int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  int code = correct_TVMFFIDataTypeToString(dtype, out);
  if (code == 0 && out->type_index == kTVMFFIStr) {
    ffi_incref(out->v_obj);
  }
  return code;
}
