/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a successful registration leaves a raised error */
/* violates: GLOB-SET-08 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  if (code == 0) {
    (void)ffi_raise("Warning", "left behind");
  }
  return code;
}
