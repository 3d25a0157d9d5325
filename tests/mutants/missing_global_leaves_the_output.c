/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: looking up a missing global function writes nothing */
/* violates: GLOB-GET-01 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  TVMFFIObjectHandle found = NULL;
  int code = correct_TVMFFIFunctionGetGlobal(name, &found);
  if (found != NULL) {
    *out = found;
  }
  return code;
}
