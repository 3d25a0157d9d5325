/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIFunctionGetGlobal remembers only what it found last */
/* violates: GLOB-GET-02 GLOB-SET-02 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

static TVMFFIObject* latest; /* owned */

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0 && *out != NULL) {
    if (latest == NULL) {
      latest = (TVMFFIObject*)ffi_retain(*out);
    }
    ffi_release(*out);
    *out = ffi_retain(latest);
  }
  return code;
}
