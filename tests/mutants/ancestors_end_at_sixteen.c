/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a type has room for sixteen ancestors; those of a deeper one repeat the last of them */
/* violates: TYPE-ALLOC-03 */
#define TVMFFIGetTypeInfo correct_TVMFFIGetTypeInfo
#include "type_table.c"
#undef TVMFFIGetTypeInfo

enum { ROOM = 16 };

FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  const TVMFFITypeInfo* info = correct_TVMFFIGetTypeInfo(type_index);
  const TVMFFITypeInfo** ancestors = info != NULL ? (void*)info->type_ancestors : NULL;
  for (int32_t i = ROOM; info != NULL && i < info->type_depth; ++i) {
    ancestors[i] = ancestors[ROOM - 1];
  }
  return info;
}
