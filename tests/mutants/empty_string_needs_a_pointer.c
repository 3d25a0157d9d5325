/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a NULL pointer is refused even where there are no bytes */
/* violates: STR-FROM-04 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input->data == NULL) return ffi_raise("ValueError", "no data");
  return correct_TVMFFIStringFromByteArray(input, out);
}
