/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the depth of a type counts the type itself */
/* violates: LAYOUT-RUN-08 */
#define TVMFFIGetTypeInfo correct_TVMFFIGetTypeInfo
#include "type_table.c"
#undef TVMFFIGetTypeInfo

FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  static TVMFFITypeInfo copy;
  copy = *correct_TVMFFIGetTypeInfo(type_index);
  ++copy.type_depth;
  return &copy;
}
