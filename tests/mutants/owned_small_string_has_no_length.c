/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning a small string forgets its length */
/* violates: ANY-SMALL-01 ANY-TEXT-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  int code = correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  if (code == 0 && out->type_index == kTVMFFISmallStr) out->small_str_len = 0;
  return code;
}
