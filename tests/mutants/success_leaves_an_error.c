/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a successful call leaves a raised error */
/* violates: ERR-CALL-04 ERR-CALL-05 FUNC-CALL-12 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (code == 0) {
    (void)ffi_raise("Warning", "left behind");
  }
  return code;
}
