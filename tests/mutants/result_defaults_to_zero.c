/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a result that the callee leaves alone becomes 0 */
/* violates: FUNC-CALL-08 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (code == 0 && result->type_index == kTVMFFINone) {
    ffi_set_pod(result, kTVMFFIInt, 0);
  }
  return code;
}
