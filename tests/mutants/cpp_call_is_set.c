/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: cpp_call of a C callback is not NULL */
/* violates: FUNC-CREATE-03 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((function_object*)*out)->cell.cpp_call = (void*)(uintptr_t)safe_call;
  }
  return code;
}
