/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the length of a C string is looked for eight bytes at a time, over the end */
/* violates: ANY-RAWSTR-02 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index == kTVMFFIRawStr) {
    const volatile char* text = any_view->v_c_str;
    size_t length = strlen(any_view->v_c_str);
    (void)text[(length / 8 + 1) * 8];
  }
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
