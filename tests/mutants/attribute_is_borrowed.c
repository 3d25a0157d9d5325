/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a column has no references to its objects */
/* violates: TYPE-ATTR-05 */
#define TVMFFITypeRegisterAttr correct_TVMFFITypeRegisterAttr
#include "type_reflection.c"
#undef TVMFFITypeRegisterAttr

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                                          const TVMFFIAny* attr_value) {
  int code = correct_TVMFFITypeRegisterAttr(type_index, attr_name, attr_value);
  if (code == 0) {
    release_value(attr_value);
  }
  return code;
}
