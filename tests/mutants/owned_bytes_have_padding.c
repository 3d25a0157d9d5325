/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the bytes object that owning a byte array makes comes with its length in the padding */
/* violates: ANY-PAD-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  int code = correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  if (code == 0 && out->type_index == kTVMFFIBytes) out->zero_padding = 8;
  return code;
}
