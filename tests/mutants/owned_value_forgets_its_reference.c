/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning an object stores it without taking a reference */
/* violates: ANY-OBJ-01 ANY-OBJ-02 XLIB-OWN-01 ANY-TEXT-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index >= kTVMFFIStaticObjectBegin) {
    *out = *any_view;
    return 0;
  }
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
