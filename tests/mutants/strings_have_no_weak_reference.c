/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a new string begins with a strong count of 1 and a weak count of 0 */
/* violates: REF-NEW-01 LAYOUT-RUN-01 STR-HEAP-01 */
#define ffi_string_new unshared_string_new
#define TVMFFIStringFromByteArray unshared_TVMFFIStringFromByteArray
#include "string.c"
#undef ffi_string_new
#undef TVMFFIStringFromByteArray

static void forget_weak(TVMFFIAny* value) {
  if (value->type_index == kTVMFFIStr) value->v_obj->combined_ref_count = FFI_STRONG_ONE;
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  int code = unshared_string_new(bytes, out);
  if (code == 0) forget_weak(out);
  return code;
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = unshared_TVMFFIStringFromByteArray(input, out);
  if (code == 0) forget_weak(out);
  return code;
}
