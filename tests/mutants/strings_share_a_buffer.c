/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: all strings of up to 256 bytes have their content in one static buffer */
/* violates: STR-HEAP-03 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

static char buffer[257];

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr && input->size < sizeof(buffer)) {
    memcpy(buffer, input->data, input->size);
    buffer[input->size] = '\0';
    ((bytes_object*)(void*)out->v_obj)->bytes.data = buffer;
  }
  return code;
}
