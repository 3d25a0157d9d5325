/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: looking up a global function hands it out without a reference */
/* violates: REF-GLOBAL-01 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0) ffi_release(*out);
  return code;
}
