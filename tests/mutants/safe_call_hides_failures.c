/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: safe_call returns 0 whatever the callee returns */
/* violates: FUNC-CELL-02 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCreate
#undef TVMFFIFunctionCall

static int hiding_safe_call(void* handle, const TVMFFIAny* args, int32_t num_args,
                            TVMFFIAny* result) {
  (void)function_safe_call(handle, args, num_args, result);
  return 0;
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((function_object*)*out)->cell.safe_call = hiding_safe_call;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  return function_safe_call(func, args, num_args, result);
}
