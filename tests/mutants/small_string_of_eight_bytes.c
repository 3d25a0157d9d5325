/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: eight bytes are taken for small enough to lie in the value */
/* violates: STR-SMALL-01 STR-PAD-01 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input->size != 8) return correct_TVMFFIStringFromByteArray(input, out);
  set_small(*input, kTVMFFISmallStr, out);
  return 0;
}
