/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the padding of a value with a string object holds the length of the text */
/* violates: STR-PAD-01 ANY-PAD-01 */
#define ffi_string_new correct_string_new
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef ffi_string_new
#undef TVMFFIStringFromByteArray

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  int code = correct_string_new(bytes, out);
  if (code == 0) out->small_str_len = (uint32_t)bytes.size;
  return code;
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return ffi_string_new(*input, out);
}
