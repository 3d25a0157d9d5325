/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the terminator of a C string becomes part of the owned string */
/* violates: ANY-RAWSTR-01 ANY-RAWSTR-03 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index == kTVMFFIRawStr) {
    TVMFFIByteArray text = {any_view->v_c_str, strlen(any_view->v_c_str) + 1};
    return ffi_string_new(text, out);
  }
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
