/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning the marker Unchanged gives None */
/* violates: ANY-POD-03 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  int code = correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  if (code == 0 && out->type_index == kTVMFFIUnchanged) out->type_index = kTVMFFINone;
  return code;
}
