/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the byte behind the input is copied as well, as if it were a terminator */
/* violates: STR-BOUND-01 STR-BOUND-02 */
#define ffi_bytes_new correct_bytes_new
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef ffi_bytes_new
#undef TVMFFIStringFromByteArray

static volatile char behind;

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  if (bytes.data != NULL) behind = bytes.data[bytes.size];
  return correct_bytes_new(bytes, out);
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input->data != NULL) behind = input->data[input->size];
  return correct_TVMFFIStringFromByteArray(input, out);
}
