/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a small string leaves what was in the bytes that it does not use */
/* violates: STR-SMALL-02 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input->size > 7) return correct_TVMFFIStringFromByteArray(input, out);
  out->type_index = kTVMFFISmallStr;
  out->small_str_len = (uint32_t)input->size;
  if (input->size != 0) memcpy(out->v_bytes, input->data, input->size);
  return 0;
}
