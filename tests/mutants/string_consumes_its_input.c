/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: making a string clears the array that it was made from */
/* violates: STR-FROM-03 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  memset((void*)(uintptr_t)input, 0, sizeof(*input));
  return code;
}
