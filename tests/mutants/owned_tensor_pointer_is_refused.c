/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning a pointer to a tensor is refused */
/* violates: ANY-POD-02 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index == kTVMFFIDLTensorPtr) return ffi_raise("TypeError", "not owned");
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
