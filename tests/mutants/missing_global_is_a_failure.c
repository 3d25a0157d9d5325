/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: looking up a missing global function fails */
/* violates: GLOB-GET-01 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0 && *out == NULL) {
    return ffi_raise("ValueError", "no such function");
  }
  return code;
}
