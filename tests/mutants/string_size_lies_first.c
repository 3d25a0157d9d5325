/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a string object has the size in front of the pointer */
/* violates: STR-HEAP-01 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr) {
    size_t* words = (size_t*)(void*)(out->v_obj + 1);
    size_t pointer = words[0];
    words[0] = words[1];
    words[1] = pointer;
  }
  return code;
}
