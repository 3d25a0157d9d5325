/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only the number 1 allows override */
/* violates: GLOB-SET-02 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  return correct_TVMFFIFunctionSetGlobal(name, f, allow_override == 1);
}
