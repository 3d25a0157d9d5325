/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: names of attributes end after 63 bytes */
/* violates: TYPE-ATTR-06 */
#define TVMFFITypeRegisterAttr correct_TVMFFITypeRegisterAttr
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFITypeRegisterAttr
#undef TVMFFIGetTypeAttrColumn

static TVMFFIByteArray cut(const TVMFFIByteArray* name) {
  TVMFFIByteArray beginning = {name->data, name->size < 63 ? name->size : 63};
  return beginning;
}

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                                          const TVMFFIAny* attr_value) {
  TVMFFIByteArray name = cut(attr_name);
  return correct_TVMFFITypeRegisterAttr(type_index, &name, attr_value);
}

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  TVMFFIByteArray name = cut(attr_name);
  return correct_TVMFFIGetTypeAttrColumn(&name);
}
