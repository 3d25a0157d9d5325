/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a name that is taken is given away without allow_override */
/* violates: GLOB-SET-01 GLOB-SET-06 GLOB-METHOD-02 ERR-OWN-01 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#define TVMFFIFunctionSetGlobalFromMethodInfo correct_TVMFFIFunctionSetGlobalFromMethodInfo
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal
#undef TVMFFIFunctionSetGlobalFromMethodInfo

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  (void)allow_override;
  return correct_TVMFFIFunctionSetGlobal(name, f, 1);
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info,
                                                         int allow_override) {
  (void)allow_override;
  return correct_TVMFFIFunctionSetGlobalFromMethodInfo(method_info, 1);
}
