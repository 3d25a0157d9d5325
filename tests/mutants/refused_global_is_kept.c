/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a registration that is refused keeps a reference to the function and leaks a copy of it */
/* violates: REF-GLOBAL-03 REF-LEAK-02 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal

static void* volatile lost;

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  if (code == 0) return 0;
  (void)ffi_retain(f);
  lost = malloc(name->size + 1);
  return code;
}
