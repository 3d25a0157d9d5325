/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: names of attributes end at their first NUL */
/* violates: TYPE-ATTR-06 */
#define TVMFFITypeRegisterAttr correct_TVMFFITypeRegisterAttr
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFITypeRegisterAttr
#undef TVMFFIGetTypeAttrColumn

static TVMFFIByteArray until_nul(const TVMFFIByteArray* name) {
  const char* nul = memchr(name->data, 0, name->size);
  TVMFFIByteArray cut = {name->data, nul != NULL ? (size_t)(nul - name->data) : name->size};
  return cut;
}

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                                          const TVMFFIAny* attr_value) {
  TVMFFIByteArray cut = until_nul(attr_name);
  return correct_TVMFFITypeRegisterAttr(type_index, &cut, attr_value);
}

FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  TVMFFIByteArray cut = until_nul(attr_name);
  return correct_TVMFFIGetTypeAttrColumn(&cut);
}
