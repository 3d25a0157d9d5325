/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the information on kTVMFFIBytes is that on kTVMFFIStr */
/* violates: TYPE-STATIC-02 */
#define TVMFFIGetTypeInfo correct_TVMFFIGetTypeInfo
#include "type_table.c"
#undef TVMFFIGetTypeInfo

FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  return correct_TVMFFIGetTypeInfo(type_index == kTVMFFIBytes ? kTVMFFIStr : type_index);
}
