/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: types of later releases have each other's indices */
/* violates: TYPE-STATIC-05 TYPE-STATIC-06 TYPE-STATIC-07 TYPE-STATIC-08 TYPE-STATIC-09 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  if (code == 0 && *out_tindex >= kTVMFFIList && *out_tindex < kTVMFFIStaticObjectEnd) {
    *out_tindex = kTVMFFIList + kTVMFFIBigInt - *out_tindex;
  } else if (code == 0 && *out_tindex == kTVMFFIUnchanged) {
    *out_tindex = kTVMFFISmallBytes;
  }
  return code;
}
