/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIFunctionCall fails on negative codes only */
/* violates: ERR-CALL-06 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  return code < 0 ? code : 0;
}
