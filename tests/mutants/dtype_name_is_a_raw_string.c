/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the name of a type is a view of a static buffer */
/* violates: DTYPE-TO-03 */
#define TVMFFIDataTypeToString correct_TVMFFIDataTypeToString
#include "dtype.c"
#undef TVMFFIDataTypeToString

FFI_CTS_EXPORT int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  static char name[64];
  int code = correct_TVMFFIDataTypeToString(dtype, out);
  if (code != 0) {
    return code;
  }
  bool small = out->type_index == kTVMFFISmallStr;
  TVMFFIByteArray* cell = (TVMFFIByteArray*)(out->v_obj + 1);
  size_t size = small ? out->small_str_len : cell->size;
  memcpy(name, small ? out->v_bytes : cell->data, size);
  name[size] = '\0';
  if (!small) {
    ffi_release(out->v_obj);
  }
  ffi_set_pod(out, kTVMFFIRawStr, 0);
  out->v_c_str = name;
  return 0;
}
