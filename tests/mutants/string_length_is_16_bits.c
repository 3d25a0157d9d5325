/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the length of a string is kept in 16 bits */
/* violates: STR-FROM-01 STR-FROM-02 */
#include "internal.h"
static TVMFFIByteArray shorten(TVMFFIByteArray bytes) {
  bytes.size = (uint16_t)bytes.size;
  return bytes;
}
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#define TVMFFIBytesFromByteArray correct_TVMFFIBytesFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray
#undef TVMFFIBytesFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return ffi_string_new(shorten(*input), out);
}

FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return ffi_bytes_new(shorten(*input), out);
}
