/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the type DLTensor* is missing from the table */
/* violates: TYPE-STATIC-10 TYPE-STATIC-11 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#define TVMFFIGetTypeInfo correct_TVMFFIGetTypeInfo
#include "type_table.c"
#undef TVMFFITypeKeyToIndex
#undef TVMFFIGetTypeInfo

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  if (code == 0 && *out_tindex == kTVMFFIDLTensorPtr) {
    return ffi_raise("KeyError", "no such type");
  }
  return code;
}

FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  return type_index == kTVMFFIDLTensorPtr ? NULL : correct_TVMFFIGetTypeInfo(type_index);
}
