/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning a float turns every NaN into the same one */
/* violates: ANY-POD-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  int code = correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  if (code == 0 && out->type_index == kTVMFFIFloat && out->v_float64 != out->v_float64) {
    out->v_uint64 = UINT64_C(0x7FF8000000000000);
  }
  return code;
}
