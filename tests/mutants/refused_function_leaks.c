/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function that is refused gets a reference too many */
/* violates: GLOB-SET-06 GLOB-METHOD-02 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#define TVMFFIFunctionSetGlobalFromMethodInfo correct_TVMFFIFunctionSetGlobalFromMethodInfo
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal
#undef TVMFFIFunctionSetGlobalFromMethodInfo

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  if (code != 0) {
    ffi_incref(f);
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info,
                                                         int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobalFromMethodInfo(method_info, allow_override);
  if (code != 0) {
    ffi_incref(method_info->method.v_obj);
  }
  return code;
}
