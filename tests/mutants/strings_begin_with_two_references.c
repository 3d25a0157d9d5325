/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a new string has a reference too many, which nobody ever drops */
/* violates: REF-LEAK-01 */
#define ffi_string_new unshared_string_new
#define TVMFFIStringFromByteArray unshared_TVMFFIStringFromByteArray
#include "string.c"
#undef ffi_string_new
#undef TVMFFIStringFromByteArray

static void keep(TVMFFIAny* value) {
  if (value->type_index == kTVMFFIStr) ffi_incref(value->v_obj);
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  int code = unshared_string_new(bytes, out);
  if (code == 0) keep(out);
  return code;
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = unshared_TVMFFIStringFromByteArray(input, out);
  if (code == 0) keep(out);
  return code;
}
