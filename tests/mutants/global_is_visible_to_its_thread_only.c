/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: other threads don't find a global function */
/* violates: GLOB-THREAD-01 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal
#undef TVMFFIFunctionSetGlobal

static _Thread_local bool has_registered;

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (!has_registered) {
    *out = NULL;
    return 0;
  }
  return correct_TVMFFIFunctionGetGlobal(name, out);
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  has_registered = true;
  return correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
}
