/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failing call releases its function */
/* violates: FUNC-CALL-10 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (code != 0) {
    ffi_release(func);
  }
  return code;
}
