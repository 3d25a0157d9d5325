/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: each call of TVMFFIGetTypeInfo gives another copy */
/* violates: TYPE-INFO-01 */
#define TVMFFIGetTypeInfo correct_TVMFFIGetTypeInfo
#include "type_table.c"
#undef TVMFFIGetTypeInfo

FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  const TVMFFITypeInfo* info = correct_TVMFFIGetTypeInfo(type_index);
  TVMFFITypeInfo* copy = ffi_immortal_alloc(sizeof(*copy));
  if (info == NULL || copy == NULL) {
    return NULL;
  }
  *copy = *info;
  return copy;
}
