/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a string equal to the one before is the same object, without a reference of its own */
/* violates: STR-HEAP-04 */
#define ffi_string_new unshared_string_new
#define TVMFFIStringFromByteArray unshared_TVMFFIStringFromByteArray
#include "string.c"
#undef ffi_string_new
#undef TVMFFIStringFromByteArray

static _Thread_local TVMFFIObject* latest; /* owned */

static void share(TVMFFIAny* value) {
  if (value->type_index != kTVMFFIStr) return;
  TVMFFIObject* made = value->v_obj;
  if (latest != NULL &&
      ffi_same_bytes(((bytes_object*)latest)->bytes, ((bytes_object*)made)->bytes)) {
    value->v_obj = latest;
    ffi_release(made);
    return;
  }
  ffi_release(latest);
  latest = ffi_retain(made);
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  int code = unshared_string_new(bytes, out);
  if (code == 0) share(out);
  return code;
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = unshared_TVMFFIStringFromByteArray(input, out);
  if (code == 0) share(out);
  return code;
}
