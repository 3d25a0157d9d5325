/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIFunctionCall raises an error of its own when the callee fails */
/* violates: ERR-CALL-01 ERR-CALL-02 ERR-CROSS-03 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  return code != 0 ? ffi_raise("RuntimeError", "the call failed") : 0;
}
