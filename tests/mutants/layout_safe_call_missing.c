/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function object has no safe call in its cell */
/* violates: LAYOUT-RUN-05 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((TVMFFIFunctionCell*)((TVMFFIObject*)*out + 1))->safe_call = NULL;
  }
  return code;
}
