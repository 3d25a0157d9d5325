/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: calls nest 64 levels deep at most */
/* violates: FUNC-CALL-11 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

static _Thread_local int depth;

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  if (depth >= 64) {
    return ffi_raise("RecursionError", "calls nest too deep");
  }
  ++depth;
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  --depth;
  return code;
}
