/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error has the type index of ffi.Object */
/* violates: ERR-CREATE-03 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((TVMFFIObject*)*out)->type_index = kTVMFFIObject;
  }
  return code;
}
