/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the size of a string object counts a terminator */
/* violates: LAYOUT-RUN-03 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr) {
    ++((TVMFFIByteArray*)(out->v_obj + 1))->size;
  }
  return code;
}
