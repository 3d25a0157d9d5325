/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: strings that are not UTF-8 are refused */
/* violates: STR-FROM-01 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  for (size_t i = 0; i < input->size; ++i) {
    if ((unsigned char)input->data[i] >= 0xF8) return ffi_raise("ValueError", "not UTF-8");
  }
  return correct_TVMFFIStringFromByteArray(input, out);
}
