/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the global table takes no reference to the functions in it */
/* violates: REF-GLOBAL-02 XLIB-CALL-04 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  if (code == 0) ffi_release(f);
  return code;
}
