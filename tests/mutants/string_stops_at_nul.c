/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a string ends at the first NUL of its input */
/* violates: STR-FROM-01 STR-BOUND-01 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  TVMFFIByteArray text = *input;
  if (text.data != NULL) text.size = strlen(text.data) < text.size ? strlen(text.data) : text.size;
  return correct_TVMFFIStringFromByteArray(&text, out);
}
