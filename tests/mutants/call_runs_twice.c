/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function without arguments is called twice */
/* violates: FUNC-CALL-12 FUNC-CREATE-06 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  if (num_args == 0) {
    int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
    if (code != 0) {
      return code;
    }
  }
  return correct_TVMFFIFunctionCall(func, args, num_args, result);
}
