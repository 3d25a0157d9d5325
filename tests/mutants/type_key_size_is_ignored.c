/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the longest known key that the memory begins with is looked up */
/* violates: TYPE-KEY-02 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  if (type_key->size < 10 && memcmp(type_key->data, "ffi.String", 10) == 0) {
    *out_tindex = kTVMFFIStr;
    return 0;
  }
  return correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
}
