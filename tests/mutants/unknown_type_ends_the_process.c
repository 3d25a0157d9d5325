/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIGetTypeInfo of an unknown index exits */
/* violates: TYPE-INFO-02 */
#define TVMFFIGetTypeInfo correct_TVMFFIGetTypeInfo
#include "type_table.c"
#undef TVMFFIGetTypeInfo

FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  const TVMFFITypeInfo* info = correct_TVMFFIGetTypeInfo(type_index);
  if (info == NULL) {
    exit(255);
  }
  return info;
}
