/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an attribute is stored for the next type */
/* violates: TYPE-ATTR-02 */
#define TVMFFITypeRegisterAttr correct_TVMFFITypeRegisterAttr
#include "type_reflection.c"
#undef TVMFFITypeRegisterAttr

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                                          const TVMFFIAny* attr_value) {
  return correct_TVMFFITypeRegisterAttr(type_index + 1, attr_name, attr_value);
}
