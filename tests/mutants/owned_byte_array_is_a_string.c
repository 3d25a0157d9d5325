/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an owned byte array is a string */
/* violates: ANY-BYTES-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index == kTVMFFIByteArrayPtr) {
    return ffi_string_new(*(TVMFFIByteArray*)any_view->v_ptr, out);
  }
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
