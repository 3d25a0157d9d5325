/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the table has no references of its own */
/* violates: GLOB-SET-05 GLOB-SET-07 GLOB-GET-04 GLOB-METHOD-01 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#define TVMFFIFunctionSetGlobalFromMethodInfo correct_TVMFFIFunctionSetGlobalFromMethodInfo
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal
#undef TVMFFIFunctionSetGlobalFromMethodInfo

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  if (code == 0) {
    ffi_decref(f);
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info,
                                                         int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobalFromMethodInfo(method_info, allow_override);
  if (code == 0) {
    ffi_decref(method_info->method.v_obj);
  }
  return code;
}
