/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: functions have no safe_call in their cell */
/* violates: FUNC-CREATE-02 FUNC-CELL-01 FUNC-CELL-02 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCreate
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((function_object*)*out)->cell.safe_call = NULL;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  const function_object* function = func;
  return function->callback(function->self, args, num_args, result);
}
