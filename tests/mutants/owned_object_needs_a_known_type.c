/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning an object of a type that the library does not know is refused */
/* violates: ANY-OBJ-02 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index >= kTVMFFIStaticObjectBegin &&
      ffi_type_at(any_view->type_index) == NULL) {
    return ffi_raise("TypeError", "unknown type index %d", any_view->type_index);
  }
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
