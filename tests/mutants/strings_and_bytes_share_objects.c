/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a bytes value equal to the string before it is that very string */
/* violates: STR-HEAP-04 */
#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#define TVMFFIBytesFromByteArray correct_TVMFFIBytesFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray
#undef TVMFFIBytesFromByteArray

static _Thread_local TVMFFIObject* latest; /* owned */

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr) {
    ffi_release(latest);
    latest = ffi_retain(out->v_obj);
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (latest != NULL && input != NULL && input->data != NULL &&
      ffi_same_bytes(((bytes_object*)latest)->bytes, *input)) {
    ffi_set_object(out, ffi_retain(latest));
    return 0;
  }
  return correct_TVMFFIBytesFromByteArray(input, out);
}
