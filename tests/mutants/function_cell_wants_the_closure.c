/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the cell of a function offers the callback itself, which wants self and not the function */
/* violates: XLIB-CALL-01 XLIB-CALL-03 XLIB-ERR-04 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCreate
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) ((function_object*)*out)->cell.safe_call = safe_call;
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  function_object* function = func;
  void* handle = function->header.deleter == function_delete ? function->self : func;
  return function->cell.safe_call(handle, args, num_args, result);
}
