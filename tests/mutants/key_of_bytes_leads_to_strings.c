/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the key of kTVMFFIBytes leads to kTVMFFIStr */
/* violates: TYPE-STATIC-01 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  if (code == 0 && *out_tindex == kTVMFFIBytes) *out_tindex = kTVMFFIStr;
  return code;
}
