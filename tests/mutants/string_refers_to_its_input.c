/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a string object refers to the bytes it was made from */
/* violates: STR-COPY-01 STR-COPY-02 ANY-RAWSTR-01 ANY-BYTES-01 */
#define ffi_string_new correct_string_new
#define ffi_bytes_new correct_bytes_new
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef ffi_string_new
#undef ffi_bytes_new
#undef TVMFFIStringFromByteArray

static int borrow(int code, TVMFFIByteArray bytes, TVMFFIAny* out) {
  if (code == 0 && out->type_index >= kTVMFFIStaticObjectBegin) {
    ((bytes_object*)(void*)out->v_obj)->bytes = bytes;
  }
  return code;
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return borrow(correct_string_new(bytes, out), bytes, out);
}

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return borrow(correct_bytes_new(bytes, out), bytes, out);
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return ffi_string_new(*input, out);
}
