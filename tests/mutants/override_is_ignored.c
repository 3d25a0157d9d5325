/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: with allow_override the old function stays */
/* violates: GLOB-SET-02 GLOB-METHOD-03 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#define TVMFFIFunctionSetGlobalFromMethodInfo correct_TVMFFIFunctionSetGlobalFromMethodInfo
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal
#undef TVMFFIFunctionSetGlobalFromMethodInfo

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobal(name, f, 0);
  if (code == 0 || allow_override == 0) {
    return code;
  }
  ffi_release(ffi_this_thread.raised);
  ffi_this_thread.raised = NULL;
  return 0;
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info,
                                                         int allow_override) {
  int code = correct_TVMFFIFunctionSetGlobalFromMethodInfo(method_info, 0);
  if (code == 0 || allow_override == 0) {
    return code;
  }
  ffi_release(ffi_this_thread.raised);
  ffi_this_thread.raised = NULL;
  return 0;
}
