/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the content of a string object is not followed by a NUL */
/* violates: STR-HEAP-02 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr) {
    TVMFFIByteArray* bytes = &((bytes_object*)(void*)out->v_obj)->bytes;
    ((char*)(uintptr_t)bytes->data)[bytes->size] = '~';
  }
  return code;
}
