/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIFunctionSetGlobalFromMethodInfo registers nothing */
/* violates: GLOB-METHOD-01 GLOB-METHOD-03 */
#define TVMFFIFunctionSetGlobalFromMethodInfo correct_TVMFFIFunctionSetGlobalFromMethodInfo
#include "global_table.c"
#undef TVMFFIFunctionSetGlobalFromMethodInfo

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info,
                                                         int allow_override) {
  (void)method_info;
  (void)allow_override;
  return 0;
}
