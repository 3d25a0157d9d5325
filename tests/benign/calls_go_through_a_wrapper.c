/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: a call holds on to the function while it runs and goes through two more functions */
#define TVMFFIFunctionCall direct_TVMFFIFunctionCall
#define TVMFFIFunctionCreate direct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCall
#undef TVMFFIFunctionCreate

/* What the callback leaves in the result on failure is nobody's, so only success copies it. */
static int buffered_safe_call(void* handle, const TVMFFIAny* args, int32_t num_args,
                              TVMFFIAny* result) {
  TVMFFIAny own = *result;
  int code = function_safe_call(handle, args, num_args, &own);
  if (code == 0) *result = own;
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = direct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) ((function_object*)*out)->cell.safe_call = buffered_safe_call;
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  TVMFFIObject* held = ffi_retain(func);
  int code = direct_TVMFFIFunctionCall(func, args, num_args, result);
  ffi_release(held);
  return code;
}
