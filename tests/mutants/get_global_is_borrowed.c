/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIFunctionGetGlobal gives no reference */
/* violates: GLOB-GET-03 GLOB-GET-04 GLOB-SET-04 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0 && *out != NULL) {
    ((TVMFFIObject*)*out)->combined_ref_count -= FFI_STRONG_ONE;
  }
  return code;
}
