/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the global table takes functions of this library only */
/* violates: XLIB-CALL-04 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal
#include "function.c"

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  if (((TVMFFIObject*)f)->deleter != function_delete) {
    return ffi_raise("TypeError", "this function was made elsewhere");
  }
  return correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
}
