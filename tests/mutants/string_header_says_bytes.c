/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the header of a string object has the type index of bytes */
/* violates: STR-HEAP-01 REF-NEW-02 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr) out->v_obj->type_index = kTVMFFIBytes;
  return code;
}
