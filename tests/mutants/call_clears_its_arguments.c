/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: arguments are None after a call */
/* violates: FUNC-CALL-03 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  for (int32_t i = 0; i < num_args; ++i) {
    ffi_set_pod(&args[i], kTVMFFINone, 0);
  }
  return code;
}
