/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an attribute is stored for the children of its type too */
/* violates: TYPE-ATTR-04 */
#define TVMFFITypeRegisterAttr correct_TVMFFITypeRegisterAttr
#include "type_reflection.c"
#undef TVMFFITypeRegisterAttr

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                                          const TVMFFIAny* attr_value) {
  for (int32_t i = kTVMFFIDynObjectBegin; i < 4096; ++i) {
    const ffi_type* type = ffi_type_at(i);
    int32_t depth = type != NULL ? type->info.type_depth : 0;
    if (depth > 1 && type->info.type_ancestors[depth - 1]->type_index == type_index) {
      (void)correct_TVMFFITypeRegisterAttr(i, attr_name, attr_value);
    }
  }
  return correct_TVMFFITypeRegisterAttr(type_index, attr_name, attr_value);
}
