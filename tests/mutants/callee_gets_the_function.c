/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the callback gets the function object for its self */
/* violates: FUNC-CALL-01 FUNC-CREATE-08 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((function_object*)*out)->cell.safe_call = safe_call;
  }
  return code;
}
