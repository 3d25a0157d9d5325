/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: bytes that are plain ASCII come back under the tag of strings */
/* violates: STR-FROM-02 */
#define TVMFFIBytesFromByteArray correct_TVMFFIBytesFromByteArray
#include "string.c"
#undef TVMFFIBytesFromByteArray

FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  for (size_t i = 0; i < input->size; ++i) {
    if ((unsigned char)input->data[i] >= 0x80) {
      return correct_TVMFFIBytesFromByteArray(input, out);
    }
  }
  return TVMFFIStringFromByteArray(input, out);
}
