/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a moved reference is counted again, and the place it came from keeps it */
/* violates: ANY-RVALUE-01 ANY-RVALUE-02 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index != kTVMFFIObjectRValueRef) {
    return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  }
  TVMFFIObject* object = *(TVMFFIObject**)any_view->v_ptr;
  ffi_incref(object);
  ffi_set_object(out, object);
  return 0;
}
