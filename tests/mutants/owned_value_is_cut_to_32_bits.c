/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning a value keeps the low 32 bits of its payload */
/* violates: ANY-POD-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  int code = correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  if (code == 0 && out->type_index == kTVMFFIInt) out->v_int64 = (int32_t)out->v_int64;
  return code;
}
