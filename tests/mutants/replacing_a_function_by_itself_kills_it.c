/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the old function is released before the new one, the same, is retained */
/* violates: GLOB-SET-10 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  TVMFFIObjectHandle old = NULL;
  int code = TVMFFIFunctionGetGlobal(name, &old);
  if (code == 0) code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  if (code == 0 && old == f) ffi_release(old);
  ffi_release(old);
  return code;
}
