/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an owned C string is still a pointer to the text of somebody else */
/* violates: ANY-RAWSTR-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  if (any_view->type_index == kTVMFFIRawStr) {
    *out = *any_view;
    return 0;
  }
  return correct_TVMFFIAnyViewToOwnedAny(any_view, out);
}
