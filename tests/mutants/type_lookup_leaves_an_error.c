/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a successful lookup of a type key leaves a raised error */
/* violates: TYPE-KEY-04 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  if (code == 0) {
    (void)ffi_raise("Warning", "left behind");
  }
  return code;
}
