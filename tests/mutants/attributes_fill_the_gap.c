/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: types below the one that is registered get its attribute too */
/* violates: TYPE-ATTR-03 */
#define TVMFFITypeRegisterAttr correct_TVMFFITypeRegisterAttr
#include "type_reflection.c"
#undef TVMFFITypeRegisterAttr

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                                          const TVMFFIAny* attr_value) {
  for (int32_t i = kTVMFFIInt; i < type_index; ++i) {
    if (ffi_type_at(i) != NULL && correct_TVMFFITypeRegisterAttr(i, attr_name, attr_value) != 0) {
      ffi_release(ffi_this_thread.raised);
      ffi_this_thread.raised = NULL;
    }
  }
  return correct_TVMFFITypeRegisterAttr(type_index, attr_name, attr_value);
}
